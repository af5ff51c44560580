#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/mirror_store.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sluice::mirror {

/// A MirrorStore whose answers come later. One call at a time; `done` is never called from inside the call.
class StoreCalls {
public:
    using Placed = std::function<void(core::Result<runtime::MirrorPlace>)>;
    using Appended = std::function<void(core::Result<std::vector<runtime::Echo>>)>;
    virtual ~StoreCalls() = default;
    virtual void place(Placed done) = 0;
    virtual void append(std::shared_ptr<const runtime::MirrorBatch> batch, Appended done) = 0;
};

/// Waits for the store on a thread of its own; answers on the executor's. After its end, which waits for the call under
/// way, nothing is answered.
class ThreadedStore final : public StoreCalls {
public:
    ThreadedStore(runtime::MirrorStore& store, runtime::Executor& executor);
    ~ThreadedStore() override;
    ThreadedStore(const ThreadedStore&) = delete;
    ThreadedStore& operator=(const ThreadedStore&) = delete;

    void place(Placed done) override;
    void append(std::shared_ptr<const runtime::MirrorBatch> batch, Appended done) override;

private:
    void run(std::function<void()> call);
    void work();
    void answer(std::function<void()> with);

    runtime::MirrorStore& store_;
    runtime::Executor& executor_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::mutex lock_;
    std::condition_variable news_;
    std::function<void()> call_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace sluice::mirror
