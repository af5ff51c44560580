#pragma once
#include "common/http/auth.hpp"
#include "common/http/server.hpp"
#include "common/runtime/artifacts.hpp"
#include "common/runtime/metrics.hpp"
#include "services/listener/api/asking.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace sluice::listener {

/// Finishes uploads on a thread of its own, because that waits for the disk; answers on the executor's. After its end,
/// which waits for the upload under way, nothing is answered.
class Finisher {
public:
    using Done = std::function<void(core::Result<runtime::Stored>)>;

    explicit Finisher(runtime::Executor& executor) : executor_{executor}, thread_{[this] { work(); }} {}
    ~Finisher();
    Finisher(const Finisher&) = delete;
    Finisher& operator=(const Finisher&) = delete;

    void finish(std::unique_ptr<runtime::Upload> upload, Done done);

private:
    struct Job {
        std::unique_ptr<runtime::Upload> upload;
        Done done;
    };
    void work();

    runtime::Executor& executor_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::mutex lock_;
    std::condition_variable news_;
    std::deque<Job> jobs_;
    bool ending_ = false;
    std::thread thread_;
};

/// PUT /v1/artifacts: a body of any kind, kept under the digest of its bytes. Answers when the bytes are on the disk
/// and ArtifactStored is in the ledger: 201, or 200 where it was there already.
class Uploads {
public:
    static constexpr std::size_t at_once_max = 64;

    Uploads(const Desk& desk, Asking& asking, runtime::Artifacts& artifacts, runtime::Executor& executor,
            runtime::Metrics& metrics, core::Writer writer, std::uint64_t size_max);

    /// Where the body of a request goes while it arrives.
    core::Result<std::shared_ptr<http::BodySink>> sink();
    void answer(http::Actor actor, http::Request request, http::Respond respond);

private:
    class Sink;
    void store(const http::Actor& actor, const http::Request& request, std::chrono::milliseconds patience,
               const runtime::Stored& stored, http::Respond respond);

    const Desk& desk_;
    Asking& asking_;
    runtime::Artifacts& artifacts_;
    core::Writer writer_;
    std::uint64_t size_max_;
    std::shared_ptr<std::size_t> at_once_ = std::make_shared<std::size_t>(0);
    runtime::Counter& bytes_;
    Finisher finisher_;
};

}  // namespace sluice::listener
