#include "common/http/session.hpp"

#include "common/http/parser.hpp"
#include "common/http/problem.hpp"
#include "common/http/render.hpp"
#include "common/http/target.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace sluice::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t body_read_size = 64 * 1024;
constexpr std::string_view blank_line = "\r\n\r\n";

milliseconds with_size(milliseconds base, std::size_t bytes, const Limits& limits) {
    return base + milliseconds{bytes * 1000 / std::max<std::size_t>(limits.bytes_per_second_min, 1)};
}

Response malformed(const core::Failure& failure) {
    return problem(400, "malformed_request", "Malformed request", failure.text());
}

Response of_sink(const core::Failure& failure) {
    switch (failure.kind) {
        case core::Failure::Kind::retryable: return retry_later("body_not_taken", "Try again", failure.text());
        case core::Failure::Kind::poison: return problem(400, "body_refused", "Body refused", failure.text());
        case core::Failure::Kind::fatal: break;
    }
    return problem(500, "body_not_taken", "Internal error", failure.text());
}

Response too_slow(std::string_view what) {
    return problem(408, "request_too_slow", "Request too slow",
                   std::string{what} + " did not arrive in time; send it faster, or try again.");
}

Response body_too_large(std::size_t body_max) {
    return problem(413, "body_too_large", "Body too large",
                   "A body may have " + std::to_string(body_max) + " bytes here; send less, or send it in parts.",
                   "\"bytes_max\":" + std::to_string(body_max));
}

Response method_not_allowed(const std::string& allowed) {
    Response response =
        problem(405, "method_not_allowed", "Method not allowed", "This answers to " + allowed + "; use one of them.");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

Response not_answered() {
    return problem(500, "not_answered", "Internal error",
                   "The service did not answer this request; try again, and report it if that does not help.");
}

Response answered_late() {
    return retry_later("answered_late", "No answer in time",
                       "The service took too long; the request may still take effect. Ask again, with the same "
                       "Idempotency-Key where there was one.");
}

/// The copies of a Respond share one: the last to go answers for those who forgot.
struct Ticket {
    explicit Ticket(std::shared_ptr<Reply> to) : reply{std::move(to)} {}
    ~Ticket() { reply->give(not_answered()); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    std::shared_ptr<Reply> reply;
};

}  // namespace

void Reply::give(Response answer) {
    if (response || !wake) return;
    response = std::move(answer);
    wake->cancel();
}

struct Session::Exchange {
    std::unique_ptr<RequestParser> parser = RequestParser::make();
    Framing framing;
    Request request;
    const Route* route = nullptr;
    bool head_read = false;
    bool head_only = false;    ///< asked with HEAD
    bool body_taken = false;   ///< the request was read to its end: another may follow
    std::size_t size = 0;      ///< of the body so far
    std::size_t raw_left = 0;  ///< how much more may come for it, chunk headers included
    steady_clock::time_point began = steady_clock::now();
};

Session::Session(std::shared_ptr<ServerState> state, std::shared_ptr<Wire> wire)
    : state_{std::move(state)}, wire_{std::move(wire)}, peer_{wire_->peer()}, answered_{io_of(state_->executor)} {
    state_->sessions.insert(this);
    ++state_->per_peer[peer_];
}

Session::~Session() {
    if (reply_) reply_->wake = nullptr;
    wire_->close();
    state_->sessions.erase(this);
    if (--state_->per_peer[peer_] == 0) state_->per_peer.erase(peer_);
    if (state_->draining && state_->sessions.empty() && state_->drained)
        state_->executor.post(std::exchange(state_->drained, nullptr));
}

void Session::close() {
    closed_ = true;
    wire_->close();
    answered_.cancel();
}

net::awaitable<void> Session::run() {
    bool fit = true;
    while (fit) fit = co_await exchange();
}

/// True: the connection is fit for another.
net::awaitable<bool> Session::exchange() {
    if (!co_await await_first_byte()) co_return false;
    Exchange x;
    ++requests_;
    auto refusal = co_await read_request(x);
    if (closed_) co_return false;
    if (refusal) co_return co_await send(x, std::move(*refusal));
    if (!x.body_taken) co_return false;  // the peer went away in the middle
    Response response = co_await answer(x);
    if (closed_) co_return false;
    co_return co_await send(x, std::move(response));
}

net::awaitable<bool> Session::await_first_byte() {
    if (state_->draining) co_return false;
    if (!wire_->in.empty()) co_return true;
    idle_ = true;
    wire_->deadline(requests_ == 0 ? state_->limits.head_time_max : state_->limits.idle_time_max);
    const bool arrived = co_await wire_->read(read_size);
    idle_ = false;
    co_return arrived && !closed_;
}

net::awaitable<std::optional<Response>> Session::read_request(Exchange& x) {
    if (auto refusal = co_await read_head(x)) co_return refusal;
    if (!x.head_read) co_return std::nullopt;  // the peer went away
    if (auto refusal = match_route(x)) co_return refusal;
    if (auto refusal = admit_body(x)) co_return refusal;
    co_return co_await read_body(x);
}

net::awaitable<std::optional<Response>> Session::read_head(Exchange& x) {
    wire_->deadline(state_->limits.head_time_max);
    auto& in = wire_->in;
    while (true) {
        const auto end = in.find(blank_line);
        const std::size_t size = end == std::string::npos ? in.size() : end + blank_line.size();
        if (auto refusal = refuse_raw_head(std::string_view{in}.substr(0, size), state_->limits)) co_return refusal;
        if (end != std::string::npos) break;
        if (co_await wire_->read(read_size)) continue;
        if (wire_->late()) co_return too_slow("The request's head");
        co_return std::nullopt;
    }
    const std::size_t size = in.find(blank_line) + blank_line.size();
    auto head = x.parser->head(std::string_view{in}.substr(0, size));
    in.erase(0, size);
    if (!head) co_return malformed(head.failure());
    if (auto refusal = refuse_head(*head, state_->limits)) co_return refusal;
    x.framing = framing_of(*head);
    x.head_read = true;
    x.head_only = head->method == "HEAD";
    x.request.method = std::move(head->method);
    x.request.target = std::move(head->target);
    x.request.headers = std::move(head->fields);
    x.request.peer = peer_;
    co_return std::nullopt;
}

std::optional<Response> Session::match_route(Exchange& x) {
    x.body_taken = !x.framing.has_body();
    if (x.request.method == "CONNECT" || x.request.method == "TRACE")
        return method_not_allowed("GET, HEAD, POST, PUT, PATCH, DELETE");
    auto target = read_target(x.request.target);
    if (!target) {
        x.framing.keep_alive = false;  // who sends such a target may mean more by it
        return malformed(target.failure());
    }
    auto match = state_->routes.find(x.request.method, target->segments);
    if (match.allowed.empty())
        return problem(404, "unknown_path", "Nothing here",
                       "Nothing has this path; compare it with the documentation.");
    if (!match.route) return method_not_allowed(match.allowed);
    x.route = match.route;
    x.request.path = std::move(target->path);
    x.request.query = std::move(target->query);
    x.request.path_params = std::move(match.params);
    return {};
}

std::optional<Response> Session::admit_body(Exchange& x) {
    if (x.route->guard)
        if (auto refusal = x.route->guard(x.request)) return refusal;
    if (x.framing.length > x.route->body_max) return body_too_large(x.route->body_max);
    if (!x.route->sink) return {};
    auto sink = x.route->sink(x.request);
    if (!sink) return of_sink(sink.failure());
    if (!*sink) return of_sink(core::Failure::fatal("there is nowhere to put the body", "report this"));
    x.request.sink = std::move(*sink);
    return {};
}

milliseconds Session::body_time_max(const Exchange& x) const {
    const Limits& limits = state_->limits;
    if (x.route->body_time_max.count() > 0) return x.route->body_time_max;
    const std::size_t size = x.framing.chunked ? x.route->body_max : x.framing.length;
    return std::min(with_size(limits.body_time_base, size, limits), limits.body_time_max);
}

net::awaitable<std::optional<Response>> Session::read_body(Exchange& x) {
    if (x.body_taken) co_return std::nullopt;
    wire_->deadline(body_time_max(x));
    if (x.framing.expects_continue && wire_->in.empty() && !co_await wire_->write("HTTP/1.1 100 Continue\r\n\r\n"))
        co_return std::nullopt;
    // Chunk headers count too, or a body of one-byte chunks would cost six times its size.
    const std::size_t body_max = x.route->body_max;
    x.raw_left = x.framing.chunked ? body_max + body_max / 8 + 64 * 1024 : x.framing.length;
    while (true) {
        if (auto refusal = take_body(x)) co_return refusal;
        if (x.body_taken) co_return std::nullopt;
        if (co_await wire_->read(body_read_size)) continue;
        if (wire_->late()) co_return too_slow("The request's body");
        co_return std::nullopt;
    }
}

/// Uses up what has arrived of the body.
std::optional<Response> Session::take_body(Exchange& x) {
    auto& in = wire_->in;
    std::size_t taken = 0;
    while (!x.parser->done() && taken < in.size()) {
        std::string content;
        const auto step = x.parser->body(std::string_view{in}.substr(taken, x.raw_left), content);
        if (!step) return malformed(step.failure());
        if (auto refusal = keep(x, content)) return refusal;
        if (*step == 0) break;
        taken += *step;
        x.raw_left -= *step;
    }
    in.erase(0, taken);
    x.body_taken = x.parser->done();
    if (x.body_taken) return {};
    if (in.size() >= x.raw_left) return body_too_large(x.route->body_max);
    if (in.size() > state_->limits.head_bytes_max)
        return malformed(core::Failure::poison("a chunk's header or the trailers are too long", "leave them out"));
    return {};
}

std::optional<Response> Session::keep(Exchange& x, const std::string& content) {
    x.size += content.size();
    if (x.size > x.route->body_max) return body_too_large(x.route->body_max);
    if (content.empty()) return {};
    if (!x.request.sink) {
        x.request.body += content;
    } else if (const auto written = x.request.sink->write(content); !written) {
        return of_sink(written.failure());
    }
    return {};
}

net::awaitable<Response> Session::answer(Exchange& x) {
    reply_ = std::make_shared<Reply>();
    reply_->wake = &answered_;
    answered_.expires_after(x.route->handler_time_max);
    try {
        Respond respond = [ticket = std::make_shared<Ticket>(reply_)](Response response) {
            ticket->reply->give(std::move(response));
        };
        x.route->handler(std::move(x.request), std::move(respond));
    } catch (const std::exception&) {
        reply_->give(not_answered());
    }
    error_code ignored;
    if (!reply_->response && !closed_) co_await answered_.async_wait(net::redirect_error(net::use_awaitable, ignored));
    reply_->wake = nullptr;
    Response response = reply_->response ? std::move(*reply_->response) : answered_late();
    reply_.reset();
    co_return response;
}

net::awaitable<bool> Session::send(Exchange& x, Response response) {
    const bool keep_alive = x.framing.keep_alive && x.body_taken && !state_->draining &&
                            requests_ < state_->limits.requests_per_connection_max;
    const std::string head = render_head(response, keep_alive, state_->executor.now());
    const bool bodiless = x.head_only || !bears_body(response.status);
    const std::string_view body = bodiless ? std::string_view{} : std::string_view{response.body};
    wire_->deadline(with_size(state_->limits.write_time_base, body.size(), state_->limits));
    const bool sent = co_await wire_->write(head, body);
    if (state_->observer && !closed_) {
        Served served{x.route ? x.route->method : "", x.route ? x.route->pattern : "", response.status,
                      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - x.began)};
        state_->observer(served);
    }
    if (sent && !keep_alive && !closed_)
        co_await wire_->linger(state_->limits.linger_bytes_max, state_->limits.linger_time_max);
    co_return sent&& keep_alive && !closed_;
}

}  // namespace sluice::http
