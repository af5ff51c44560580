#include "common/http/wire.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace sluice::http {
namespace {

using net::ip::tcp;

auto into(error_code& ec) { return net::redirect_error(net::use_awaitable, ec); }

}  // namespace

Wire::Wire(tcp::socket socket)
    : socket_{std::move(socket)}, resolver_{socket_.get_executor()}, timer_{socket_.get_executor()} {
    error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
}

Wire::Wire(net::io_context& io) : socket_{io}, resolver_{io}, timer_{io} {}

void Wire::deadline(std::chrono::milliseconds from_now) {
    late_ = false;
    timer_.expires_after(from_now);
    // The phase tells a deadline that was replaced while its expiry was already queued.
    timer_.async_wait([weak = weak_from_this(), phase = ++phase_](error_code ec) {
        const auto self = weak.lock();
        if (ec || !self || self->phase_ != phase) return;
        self->late_ = true;
        error_code ignored;
        self->socket_.cancel(ignored);
        self->resolver_.cancel();
    });
}

void Wire::rest() {
    ++phase_;
    timer_.cancel();
}

net::awaitable<error_code> Wire::connect(const std::string& host, const std::string& port) {
    error_code ec;
    const auto found = co_await resolver_.async_resolve(host, port, into(ec));
    if (ec || late_) co_return ec ? ec : net::error::timed_out;
    co_await net::async_connect(socket_, found, into(ec));
    if (!ec) socket_.set_option(tcp::no_delay{true}, ec);
    co_return ec;
}

net::awaitable<bool> Wire::read(std::size_t bytes_max) {
    if (late_ || !socket_.is_open()) co_return false;
    const std::size_t before = in.size();
    in.resize(before + bytes_max);
    error_code ec;
    const std::size_t count = co_await socket_.async_read_some(net::buffer(in.data() + before, bytes_max), into(ec));
    in.resize(before + count);
    co_return !ec && !late_;
}

net::awaitable<bool> Wire::write(std::string_view head, std::string_view body) {
    if (late_ || !socket_.is_open()) co_return false;
    error_code ec;
    const std::array parts{net::const_buffer{head.data(), head.size()}, net::const_buffer{body.data(), body.size()}};
    co_await net::async_write(socket_, parts, into(ec));
    co_return !ec && !late_;
}

net::awaitable<void> Wire::linger(std::size_t bytes_max, std::chrono::milliseconds time_max) {
    error_code ec;
    socket_.shutdown(tcp::socket::shutdown_send, ec);
    deadline(time_max);
    std::size_t dropped = 0;
    while (!ec && dropped < bytes_max) {
        in.clear();
        if (!co_await read(64 * 1024)) break;
        dropped += in.size();
    }
}

void Wire::close() {
    error_code ignored;
    timer_.cancel();
    resolver_.cancel();
    socket_.close(ignored);
}

bool Wire::is_quiet() {
    error_code ec;
    char byte;
    socket_.non_blocking(true, ec);
    if (ec) return false;
    socket_.receive(net::buffer(&byte, 1), tcp::socket::message_peek, ec);
    return ec == net::error::would_block;
}

std::string Wire::peer() const {
    error_code ec;
    const auto endpoint = socket_.remote_endpoint(ec);
    return ec ? std::string{} : endpoint.address().to_string();
}

}  // namespace sluice::http
