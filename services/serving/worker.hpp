#pragma once
#include <functional>
#include <memory>
#include <thread>

namespace sluice::serving {

/// One thread that does what it is given, in order. What waits when its owner goes is dropped.
class Worker {
public:
    /// What is being done just then is waited for, or is abandoned: it goes on behind our back, and must own all that
    /// it touches.
    enum class AtEnd { wait, abandon };

    Worker(std::size_t waiting_max, AtEnd at_end);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// False: too much waits already; nothing was taken. Work may be destroyed on either thread.
    bool give(std::function<void()> work);

private:
    struct Shared;
    static void run(Shared& shared);

    std::size_t waiting_max_;
    AtEnd at_end_;
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace sluice::serving
