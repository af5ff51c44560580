#include "services/mirror/store_calls.hpp"

namespace sluice::mirror {

ThreadedStore::ThreadedStore(runtime::MirrorStore& store, runtime::Executor& executor)
    : store_{store}, executor_{executor}, thread_{[this] { work(); }} {}

ThreadedStore::~ThreadedStore() {
    *alive_ = false;
    {
        const std::scoped_lock hold{lock_};
        ending_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void ThreadedStore::place(Placed done) {
    run([this, done = std::move(done)] { answer([done, place = store_.place()] { done(place); }); });
}

void ThreadedStore::append(std::shared_ptr<const runtime::MirrorBatch> batch, Appended done) {
    run([this, batch = std::move(batch), done = std::move(done)] {
        answer([done, echoes = store_.append(*batch)] { done(echoes); });
    });
}

void ThreadedStore::run(std::function<void()> call) {
    {
        const std::scoped_lock hold{lock_};
        call_ = std::move(call);
    }
    news_.notify_one();
}

void ThreadedStore::work() {
    std::unique_lock hold{lock_};
    while (true) {
        news_.wait(hold, [this] { return ending_ || call_; });
        if (ending_) return;
        const auto call = std::exchange(call_, nullptr);
        hold.unlock();
        call();
        hold.lock();
    }
}

// Read only on the executor's thread, where the destructor runs too.
void ThreadedStore::answer(std::function<void()> with) {
    executor_.post([alive = alive_, with = std::move(with)] {
        if (*alive) with();
    });
}

}  // namespace sluice::mirror
