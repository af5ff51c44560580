#include "services/listener/api/uploads.hpp"

#include "common/core/json_text.hpp"
#include "common/http/problem.hpp"

namespace sluice::listener {

Finisher::~Finisher() {
    *alive_ = false;
    {
        const std::scoped_lock hold{lock_};
        ending_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void Finisher::finish(std::unique_ptr<runtime::Upload> upload, Done done) {
    {
        const std::scoped_lock hold{lock_};
        jobs_.push_back({std::move(upload), std::move(done)});
    }
    news_.notify_one();
}

void Finisher::work() {
    std::unique_lock hold{lock_};
    while (true) {
        news_.wait(hold, [this] { return ending_ || !jobs_.empty(); });
        if (ending_) return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        hold.unlock();
        // `alive` is read only on the executor's thread, where the destructor runs too.
        executor_.post([alive = alive_, done = std::move(job.done), stored = job.upload->finish()] {
            if (*alive) done(stored);
        });
        job.upload.reset();
        hold.lock();
    }
}

/// Counts itself among the uploads under way.
class Uploads::Sink final : public http::BodySink {
public:
    Sink(std::unique_ptr<runtime::Upload> into, std::shared_ptr<std::size_t> at_once, runtime::Counter& bytes)
        : upload{std::move(into)}, at_once_{std::move(at_once)}, bytes_{bytes} {
        ++*at_once_;
    }
    ~Sink() override { --*at_once_; }

    core::Result<void> write(std::string_view bytes) override {
        size += bytes.size();
        bytes_.add(static_cast<double>(bytes.size()));
        return upload->write(bytes);
    }

    std::unique_ptr<runtime::Upload> upload;
    std::uint64_t size = 0;

private:
    std::shared_ptr<std::size_t> at_once_;
    runtime::Counter& bytes_;
};

Uploads::Uploads(const Desk& desk, Asking& asking, runtime::Artifacts& artifacts, runtime::Executor& executor,
                 runtime::Metrics& metrics, core::Writer writer, std::uint64_t size_max)
    : desk_{desk},
      asking_{asking},
      artifacts_{artifacts},
      writer_{std::move(writer)},
      size_max_{size_max},
      bytes_{metrics.counter("sluice_listener_artifact_bytes_total", "bytes of artifacts that have arrived")},
      finisher_{executor} {}

core::Result<std::shared_ptr<http::BodySink>> Uploads::sink() {
    if (*at_once_ >= at_once_max)
        return core::Failure::retryable("too many files are being handed in", "send it again in a moment");
    auto upload = artifacts_.begin(size_max_);
    if (!upload) return upload.failure();
    return std::shared_ptr<http::BodySink>{std::make_shared<Sink>(*std::move(upload), at_once_, bytes_)};
}

void Uploads::answer(http::Actor actor, http::Request request, http::Respond respond) {
    const auto patience = app::patience_of(request);
    if (!patience) return respond(app::bad_deadline());
    auto sink = std::static_pointer_cast<Sink>(request.sink);
    if (!sink || sink->size == 0)
        return respond(http::problem(400, "empty_artifact", "Nothing was sent",
                                     "The body is empty; send the file's bytes as the body."));
    finisher_.finish(std::move(sink->upload),
                     [this, sink, actor = std::move(actor), request = std::move(request), respond = std::move(respond),
                      patience = *patience](const core::Result<runtime::Stored>& stored) {
                         if (!stored)
                             return respond(http::retry_later("not_stored", "Not stored", stored.failure().text()));
                         store(actor, request, patience, *stored, respond);
                     });
}

void Uploads::store(const http::Actor& actor, const http::Request& request, std::chrono::milliseconds patience,
                    const runtime::Stored& stored, http::Respond respond) {
    const auto id = core::derive(writer_, {}, ArtifactStored::name, stored.digest);
    const auto answer = [=](int status) {
        return http::Response{
            status,
            {},
            "application/json; charset=utf-8",
            R"({"digest":)" + core::json_string(stored.digest) + R"(,"size":)" + std::to_string(stored.size) + "}"};
    };
    if (desk_.state().sent.contains(id)) return respond(answer(200));
    const ArtifactStored fact{{Digest{stored.digest}, stored.size}};
    const bool taken = asking_.ask({id, {}, id, actor.subject, app::trace_of(request), fact}, patience,
                                   [=](const std::optional<Asking::Answer>& said) {
                                       if (!said) return respond(app::answered_late(id));
                                       respond(answer(said->joined ? 200 : 201));
                                   });
    if (!taken) respond(app::too_many_wait());
}

}  // namespace sluice::listener
