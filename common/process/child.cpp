#include "common/process/child.hpp"

#include "common/process/descriptor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

namespace sluice::process {
namespace {

using core::Failure;
using core::Result;
using Clock = std::chrono::steady_clock;
using End = Outcome::End;

Failure no_room(const std::string& what, int error) {
    return Failure::retryable(what + ": " + std::strerror(error),
                              "look at the limits on processes, memory and open files of this machine");
}

struct Pipe {
    Descriptor read, write;

    static Result<Pipe> open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return no_room("cannot make a pipe to a child process", errno);
        return Pipe{Descriptor{ends[0]}, Descriptor{ends[1]}};
    }
};

/// The input as a file in memory: it can be longer than a pipe is, and a child that does not read it harms nobody.
Result<Descriptor> input_file(std::string_view bytes) {
    Descriptor file{::memfd_create("sluice-child-input", MFD_CLOEXEC)};
    if (!file) return no_room("cannot hold the input of a child process", errno);
    while (!bytes.empty()) {
        const auto wrote = ::write(file.number(), bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return no_room("cannot hold the input of a child process", errno);
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    ::lseek(file.number(), 0, SEEK_SET);
    return file;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
    all.push_back(nullptr);
    return all;
}

/// All that the child needs between fork and exec, where nothing may be allocated.
struct Birth {
    std::vector<char*> argv;
    std::vector<char*> environment;
    Limits limits;
    pid_t parent;
    int in, out, err, report;
};

void limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard) {
    const rlimit value{soft, hard};
    ::setrlimit(what, &value);
}

void set_limits(const Limits& limits) {
    const auto cpu = static_cast<rlim_t>(limits.cpu.count());
    limit(RLIMIT_CPU, cpu, cpu + 1);
    limit(RLIMIT_CORE, 0, 0);
    if (limits.memory_bytes > 0) limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
}

/// Leaves exactly 0, 1, 2 and, until exec, 3 for the report. First away from the low numbers, which may be taken.
void arrange_files(const Birth& birth) {
    const std::array<int, 4> high{::fcntl(birth.in, F_DUPFD, 10), ::fcntl(birth.out, F_DUPFD, 10),
                                  ::fcntl(birth.err, F_DUPFD, 10), ::fcntl(birth.report, F_DUPFD, 10)};
    for (int number = 0; number < 3; ++number) ::dup2(high[static_cast<std::size_t>(number)], number);
    ::dup3(high[3], 3, O_CLOEXEC);
    ::close_range(4, ~0U, 0);
}

void forget_signals() {
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &usual, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Birth& birth) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != birth.parent) ::_exit(127);  // it died before it could be watched
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    arrange_files(birth);
    set_limits(birth.limits);
    forget_signals();
    ::execve(birth.argv[0], birth.argv.data(), birth.environment.data());
    const int error = errno;
    [[maybe_unused]] const auto told = ::write(3, &error, sizeof error);
    ::_exit(127);
}

/// The child must not run our signal handlers before it has forgotten them.
pid_t fork_quietly(const Birth& birth) {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0) become(birth);
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

/// Nothing when exec succeeded: the report is closed by it.
std::optional<int> exec_error(Descriptor report) {
    int error = 0;
    ssize_t got = 0;
    do got = ::read(report.number(), &error, sizeof error);
    while (got < 0 && errno == EINTR);
    return got == sizeof error ? std::optional{error} : std::nullopt;
}

/// A child that has been started, and is killed and reaped at the latest by the destructor.
class Child {
public:
    Child(pid_t pid, Descriptor out, Descriptor err) : pid_{pid}, out_{std::move(out)}, err_{std::move(err)} {}
    Child(const Child&) = delete;
    ~Child() { reap(); }

    Result<Outcome> watch(const Limits& limits, const CancelHandle& cancel) {
        Descriptor ended{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
        if (!ended) return no_room("cannot watch a child process", errno);
        for (const auto& pipe : {&out_, &err_}) ::fcntl(pipe->number(), F_SETFL, O_NONBLOCK);
        auto stopped_by = wait_for_end(ended.number(), limits, cancel.event());
        const int status = reap();
        if (!stopped_by) stopped_by = drain(limits);
        return describe(status, stopped_by);
    }

private:
    /// Why we end it, or nothing: it has ended by itself.
    std::optional<End> wait_for_end(int ended, const Limits& limits, int cancelled) {
        const auto deadline = Clock::now() + limits.wall;
        while (true) {
            std::array<pollfd, 4> watched{pollfd{out_.number(), POLLIN, 0}, pollfd{err_.number(), POLLIN, 0},
                                          pollfd{ended, POLLIN, 0}, pollfd{cancelled, POLLIN, 0}};
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            if (left.count() <= 0) return End::timed_out;
            const auto timeout = std::min<std::chrono::milliseconds::rep>(left.count(), 60'000);
            ::poll(watched.data(), watched.size(), static_cast<int>(timeout));
            if (watched[3].revents != 0) return End::cancelled;
            if (watched[0].revents != 0)
                if (const auto end = take_output(limits)) return end;
            if (watched[1].revents != 0) take_errors(limits);
            if (watched[2].revents != 0) return std::nullopt;
        }
    }

    std::optional<End> take_output(const Limits& limits) {
        take(out_, text_out_, limits.output_bytes_max + 1);
        if (text_out_.size() <= limits.output_bytes_max) return std::nullopt;
        text_out_.resize(limits.output_bytes_max);
        return End::output_too_large;
    }

    bool take_errors(const Limits& limits) { return take(err_, text_err_, limits.output_bytes_max); }

    /// What the child left in its pipes. Their other ends may still be held by a process that has left the group.
    std::optional<End> drain(const Limits& limits) {
        while (take_errors(limits)) continue;
        while (take(out_, text_out_, limits.output_bytes_max + 1)) continue;
        return take_output(limits);
    }

    /// One piece, without what is past `size_max`; false when there is none now. Closes the pipe when there will be
    /// none.
    static bool take(Descriptor& pipe, std::string& text, std::size_t size_max) {
        std::array<char, 16384> piece;
        const auto got = ::read(pipe.number(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) return true;
        if (got == 0) pipe.close();
        if (got <= 0) return false;
        text.append(piece.data(), std::min(static_cast<std::size_t>(got), size_max - text.size()));
        return true;
    }

    /// Kills the group, then takes the child's status: in this order, because a reaped number may be given to somebody
    /// else.
    int reap() {
        if (pid_ < 0) return 0;
        ::kill(-pid_, SIGKILL);
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
        pid_ = -1;
        return status;
    }

    Outcome describe(int status, std::optional<End> stopped_by) {
        Outcome outcome{End::exited, 0, std::move(text_out_), std::move(text_err_)};
        outcome.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        if (WIFSIGNALED(status)) outcome.end = End::killed;
        if (stopped_by) outcome.end = *stopped_by;
        return outcome;
    }

    pid_t pid_;
    Descriptor out_, err_;
    std::string text_out_, text_err_;
};

}  // namespace

CancelHandle::CancelHandle() : event_{std::make_shared<Descriptor>(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))} {}
void CancelHandle::cancel() const { ::eventfd_write(event_->number(), 1); }
int CancelHandle::event() const { return event_->number(); }

Result<Outcome> run(const Command& command, const CancelHandle& cancel) {
    if (command.argv.empty()) return Failure::fatal("a child process has no program", "name the program's path");
    if (cancel.event() < 0) return no_room("cannot watch a child process", EMFILE);
    auto in = input_file(command.input);
    if (!in) return in.failure();
    auto out = Pipe::open(), err = Pipe::open(), report = Pipe::open();
    for (const auto* pipe : {&out, &err, &report})
        if (!*pipe) return pipe->failure();

    const Birth birth{
        pointers(command.argv), pointers(command.environment), command.limits,      ::getpid(),
        in->number(),           out->write.number(),           err->write.number(), report->write.number()};
    const pid_t pid = fork_quietly(birth);
    if (pid < 0) return no_room("cannot start a child process", errno);
    Child child{pid, std::move(out->read), std::move(err->read)};
    for (auto* pipe : {&out, &err, &report}) (*pipe)->write.close();
    if (const auto error = exec_error(std::move(report->read)))
        return Failure::fatal("cannot start " + command.argv[0] + ": " + std::strerror(*error),
                              "check that the program is there and may be executed");
    return child.watch(command.limits, cancel);
}

}  // namespace sluice::process
