#include "common/http/client.hpp"

#include "common/http/asio_executor.hpp"
#include "common/http/parser.hpp"
#include "common/http/text.hpp"
#include "common/http/url.hpp"
#include "common/http/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <set>

namespace sluice::http {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using WirePtr = std::shared_ptr<Wire>;

struct Client::Core : std::enable_shared_from_this<Core> {
    struct Idle {
        WirePtr wire;
        steady_clock::time_point since;
    };
    /// One request on its way.
    struct Call {
        ClientRequest request;
        Url url;
        steady_clock::time_point deadline;
        bool reused = false;     ///< the connection has served before
        bool answering = false;  ///< a byte of the answer has come
    };

    Core(runtime::Executor& on, ClientLimits bounds) : executor{on}, limits{bounds} {}

    void begin(ClientRequest request, milliseconds timeout, Done done);
    net::awaitable<void> work(Call call, Done done);
    net::awaitable<core::Result<ClientResponse>> attempt(Call& call);
    net::awaitable<core::Result<ClientResponse>> exchange(Call& call, Wire& wire, bool& reusable);
    net::awaitable<core::Result<ResponseParser::Top>> read_top(Call& call, Wire& wire, ResponseParser& parser);
    WirePtr idle_to(const std::string& authority);
    void keep(const std::string& authority, WirePtr wire);

    runtime::Executor& executor;
    const ClientLimits limits;
    std::map<std::string, std::vector<Idle>> idle;
    std::set<WirePtr> busy;
    std::size_t in_flight = 0;
    bool gone = false;
};

namespace {

constexpr std::size_t read_size = 16 * 1024;
constexpr std::string_view blank_line = "\r\n\r\n";

core::Failure unreachable(const Url& url, const std::string& why) {
    return core::Failure::retryable("no answer from " + url.authority + ": " + why,
                                    "check that it runs there and can be reached, then try again");
}

core::Failure foreign(const Url& url, const std::string& what) {
    return core::Failure::poison("the answer of " + url.authority + " cannot be used: " + what,
                                 "check that the address is that of the right service");
}

bool may_repeat(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

std::string head_of(const ClientRequest& request, const Url& url) {
    std::string head = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority + "\r\n";
    if (!request.body.empty()) head += "Content-Type: " + request.content_type + "\r\n";
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH")
        head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
    return head += "\r\n";
}

bool in_name(char c) { return alphanumeric(c) || c == '-' || c == '_'; }
bool in_value(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); }

/// What the caller put into the head must stay in its place there.
bool is_well_formed(const ClientRequest& request) {
    if (request.method.empty() || !only(request.method, alphanumeric) || !only(request.content_type, in_value))
        return false;
    for (const auto& [name, value] : request.headers)
        if (name.empty() || !only(name, in_name) || !only(value, in_value)) return false;
    return true;
}

milliseconds left(steady_clock::time_point deadline) {
    const auto rest = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
    return std::max(rest, milliseconds{0});
}

}  // namespace

void Client::Core::begin(ClientRequest request, milliseconds timeout, Done done) {
    const auto fail = [&](core::Failure failure) {
        executor.post([self = shared_from_this(), done = std::move(done), failure = std::move(failure)] {
            if (!self->gone) done(failure);
        });
    };
    auto url = read_url(request.url);
    if (!url) return fail(url.failure());
    if (!is_well_formed(request))
        return fail(
            core::Failure::fatal("the request's method or a header is malformed", "leave out line breaks and spaces"));
    if (in_flight >= limits.in_flight_max)
        return fail(core::Failure::retryable("too many requests are under way", "wait until some are answered"));
    ++in_flight;
    Call call{std::move(request), std::move(*url), steady_clock::now() + timeout};
    net::co_spawn(io_of(executor), work(std::move(call), std::move(done)), net::detached);
}

net::awaitable<void> Client::Core::work(Call call, Done done) {
    const auto self = shared_from_this();
    auto result = co_await attempt(call);
    // A kept connection may close just while we send: then nobody has read the request.
    const bool stale = !result && call.reused && !call.answering && left(call.deadline).count() > 0;
    if (stale && may_repeat(call.request.method) && !gone) {
        idle.erase(call.url.authority);
        result = co_await attempt(call);
    }
    --in_flight;
    if (!gone) done(std::move(result));
}

net::awaitable<core::Result<ClientResponse>> Client::Core::attempt(Call& call) {
    WirePtr wire = idle_to(call.url.authority);
    call.reused = wire != nullptr;
    if (!wire) wire = std::make_shared<Wire>(io_of(executor));
    busy.insert(wire);
    wire->deadline(left(call.deadline));
    if (!call.reused) {
        const error_code ec = co_await wire->connect(call.url.host, call.url.port);
        if (ec) {
            busy.erase(wire);
            co_return unreachable(call.url, wire->late() ? "it did not accept the connection in time" : ec.message());
        }
    }
    bool reusable = false;
    auto result = co_await exchange(call, *wire, reusable);
    busy.erase(wire);
    if (reusable && !gone)
        keep(call.url.authority, wire);
    else
        wire->close();
    co_return result;
}

net::awaitable<core::Result<ClientResponse>> Client::Core::exchange(Call& call, Wire& wire, bool& reusable) {
    const auto lost = [&] {
        return unreachable(call.url, wire.late() ? "it did not answer in time" : "the connection broke");
    };
    const std::string head = head_of(call.request, call.url);
    // A server may refuse, and close, before it has read all: its answer is worth more than our broken pipe.
    co_await wire.write(head, call.request.body);
    ClientResponse response;
    auto parser = ResponseParser::make(call.request.method == "HEAD");
    auto top = co_await read_top(call, wire, *parser);
    if (!top) co_return top.failure();
    response.status = top->status;
    response.headers = std::move(top->fields);
    while (!parser->done()) {
        auto taken = parser->body(wire.in, response.body);
        if (!taken) co_return foreign(call.url, taken.failure().what);
        wire.in.erase(0, *taken);
        if (response.body.size() > call.request.body_max || wire.in.size() > limits.head_bytes_max)
            co_return foreign(call.url, "it is longer than " + std::to_string(call.request.body_max) + " bytes");
        if (parser->done() || (*taken > 0 && !wire.in.empty())) continue;
        if (co_await wire.read(read_size)) continue;
        if (wire.late() || !parser->done_at_end()) co_return lost();
    }
    reusable = top->keep_alive && wire.in.empty() && !wire.late();
    co_return response;
}

/// The head of the final answer: interim ones (1xx) are passed over.
net::awaitable<core::Result<ResponseParser::Top>> Client::Core::read_top(Call& call, Wire& wire,
                                                                         ResponseParser& parser) {
    auto& in = wire.in;
    while (true) {
        const auto end = in.find(blank_line);
        if (in.size() > limits.head_bytes_max && end > limits.head_bytes_max)
            co_return foreign(call.url, "its head is too long");
        if (end == std::string::npos) {
            const bool more = co_await wire.read(read_size);
            call.answering |= !in.empty();
            if (more) continue;
            co_return unreachable(call.url, wire.late() ? "it did not answer in time" : "the connection broke");
        }
        const std::size_t size = end + blank_line.size();
        const bool interim = in.compare(0, 10, "HTTP/1.1 1") == 0;
        auto top = interim ? core::Result<ResponseParser::Top>{ResponseParser::Top{}}
                           : parser.head(std::string_view{in}.substr(0, size));
        in.erase(0, size);
        if (!top) co_return foreign(call.url, top.failure().what);
        if (!interim) co_return top;
    }
}

WirePtr Client::Core::idle_to(const std::string& authority) {
    auto& kept = idle[authority];
    while (!kept.empty()) {
        Idle last = std::move(kept.back());
        kept.pop_back();
        const bool fresh = steady_clock::now() - last.since < limits.idle_time_max;
        if (fresh && last.wire->is_quiet()) return last.wire;
        last.wire->close();
    }
    idle.erase(authority);
    return nullptr;
}

void Client::Core::keep(const std::string& authority, WirePtr wire) {
    wire->rest();
    auto& kept = idle[authority];
    kept.push_back({std::move(wire), steady_clock::now()});
    if (kept.size() > limits.idle_per_host_max) kept.erase(kept.begin());
    if (idle.size() > limits.idle_hosts_max) idle.erase(idle.begin());
}

Client::Client(runtime::Executor& executor, ClientLimits limits) : core_{std::make_shared<Core>(executor, limits)} {}

Client::~Client() {
    core_->gone = true;
    core_->idle.clear();
    for (const auto& wire : core_->busy) wire->close();
}

void Client::send(ClientRequest request, milliseconds timeout, Done done) {
    core_->begin(std::move(request), timeout, std::move(done));
}

std::size_t Client::idle_connections() const {
    std::size_t count = 0;
    for (const auto& [authority, kept] : core_->idle) count += kept.size();
    return count;
}

core::Result<ClientResponse> fetch(ClientRequest request, milliseconds timeout) {
    const auto executor = make_executor();
    core::Result<ClientResponse> result = core::Failure::retryable("there was no answer", "try again");
    Client client{*executor};
    client.send(std::move(request), timeout, [&](core::Result<ClientResponse> answer) {
        result = std::move(answer);
        executor->stop();
    });
    executor->run();
    return result;
}

}  // namespace sluice::http
