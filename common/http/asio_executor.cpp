#include "common/http/asio_executor.hpp"

#include "common/http/io.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <map>
#include <stdexcept>

namespace sluice::http {
namespace {

/// A descriptor that is looked at and never owned.
struct Watch {
    Watch(net::io_context& io, int fd, std::function<void()> on_readable)
        : descriptor{io, fd}, work{std::move(on_readable)} {}
    ~Watch() { descriptor.release(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    net::posix::stream_descriptor descriptor;
    std::function<void()> work;
};

struct Signals {
    explicit Signals(net::io_context& io) : set{io} {}
    net::signal_set set;
    std::function<void(int)> work;
};

class AsioExecutor final : public runtime::Executor {
public:
    net::io_context& io() { return io_; }

    void post(std::function<void()> work) override { net::post(io_, std::move(work)); }

    TimerId after(std::chrono::milliseconds delay, std::function<void()> work) override {
        const TimerId id = ++last_timer_;
        auto& timer = timers_.emplace(id, net::steady_timer{io_, delay}).first->second;
        timer.async_wait([this, id, work = std::move(work)](error_code ec) {
            if (ec || timers_.erase(id) == 0) return;
            work();
        });
        return id;
    }

    void cancel(TimerId timer) override { timers_.erase(timer); }

    void watch_readable(int fd, std::function<void()> work) override {
        unwatch(fd);  // one descriptor can be registered only once
        auto watch = std::make_shared<Watch>(io_, fd, std::move(work));
        watches_[fd] = watch;
        wait_for(watch);
    }

    void unwatch(int fd) override {
        const auto found = watches_.find(fd);
        if (found == watches_.end()) return;
        found->second->descriptor.release();
        watches_.erase(found);
    }

    void on_signal(std::vector<int> signals, std::function<void(int)> work) override {
        auto& added = signals_.emplace_back(io_);
        for (const int number : signals) added.set.add(number);
        added.work = std::move(work);
        wait_for(added);
    }

    void run() override {
        io_.run();
        io_.restart();
    }

    void stop() override { io_.stop(); }

    core::Time now() override {
        using namespace std::chrono;
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    }

private:
    // Weak: an unwatched descriptor whose readiness is already queued must not be called.
    void wait_for(const std::shared_ptr<Watch>& watch) {
        watch->descriptor.async_wait(net::posix::stream_descriptor::wait_read,
                                     [this, weak = std::weak_ptr{watch}](error_code ec) {
                                         const auto still = weak.lock();
                                         if (ec || !still) return;
                                         still->work();
                                         if (still->descriptor.is_open()) wait_for(still);
                                     });
    }

    void wait_for(Signals& signals) {
        signals.set.async_wait([this, &signals](error_code ec, int number) {
            if (ec) return;
            signals.work(number);
            wait_for(signals);
        });
    }

    net::io_context io_{1};
    net::executor_work_guard<net::io_context::executor_type> stay_{io_.get_executor()};
    std::map<TimerId, net::steady_timer> timers_;
    TimerId last_timer_ = 0;
    std::map<int, std::shared_ptr<Watch>> watches_;
    std::list<Signals> signals_;
};

}  // namespace

std::unique_ptr<runtime::Executor> make_executor() { return std::make_unique<AsioExecutor>(); }

net::io_context& io_of(runtime::Executor& executor) {
    if (auto* asio = dynamic_cast<AsioExecutor*>(&executor)) return asio->io();
    throw std::logic_error{"the HTTP server and client work only on an executor from http::make_executor()"};
}

}  // namespace sluice::http
