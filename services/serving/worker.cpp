#include "services/serving/worker.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace sluice::serving {

struct Worker::Shared {
    std::mutex lock;
    std::condition_variable news;
    std::deque<std::function<void()>> waiting;
    bool busy = false, stopping = false;
};

Worker::Worker(std::size_t waiting_max, AtEnd at_end)
    : waiting_max_{waiting_max}, at_end_{at_end}, shared_{std::make_shared<Shared>()}, thread_{[shared = shared_] {
          run(*shared);
      }} {}

Worker::~Worker() {
    std::unique_lock hold{shared_->lock};
    shared_->stopping = true;
    const auto dropped = std::move(shared_->waiting);
    const bool abandoned = shared_->busy && at_end_ == AtEnd::abandon;
    hold.unlock();
    shared_->news.notify_one();
    if (abandoned)
        thread_.detach();
    else
        thread_.join();
}

bool Worker::give(std::function<void()> work) {
    {
        const std::scoped_lock hold{shared_->lock};
        if (shared_->waiting.size() >= waiting_max_) return false;
        shared_->waiting.push_back(std::move(work));
    }
    shared_->news.notify_one();
    return true;
}

void Worker::run(Shared& shared) {
    std::unique_lock hold{shared.lock};
    while (true) {
        shared.news.wait(hold, [&] { return shared.stopping || !shared.waiting.empty(); });
        if (shared.stopping) return;
        auto work = std::move(shared.waiting.front());
        shared.waiting.pop_front();
        shared.busy = true;
        hold.unlock();
        work();
        work = nullptr;  // what it holds goes before the lock is taken again
        hold.lock();
        shared.busy = false;
    }
}

}  // namespace sluice::serving
