#pragma once
#include "common/http/io.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::http {

/// One TCP connection with one deadline over all its operations. Whoever works on it holds a shared_ptr meanwhile.
class Wire : public std::enable_shared_from_this<Wire> {
public:
    explicit Wire(net::ip::tcp::socket socket);
    explicit Wire(net::io_context& io);

    /// From now on everything together may take this long; replaces the deadline before it.
    void deadline(std::chrono::milliseconds from_now);
    /// No deadline until the next: nothing is going on.
    void rest();
    bool late() const { return late_; }

    /// Tries the addresses of `host` one after the other.
    net::awaitable<error_code> connect(const std::string& host, const std::string& port);
    /// Appends what arrives to `in`. False: the peer ended, the connection broke, close() was called, or it is late().
    net::awaitable<bool> read(std::size_t bytes_max);
    net::awaitable<bool> write(std::string_view head, std::string_view body = {});
    /// Says that no more will come, and reads on for a while: closing over unread bytes would make the peer's kernel
    /// throw away the answer before the peer has read it.
    net::awaitable<void> linger(std::size_t bytes_max, std::chrono::milliseconds time_max);
    void close();

    /// Whether nothing has arrived since the last read, not even the end.
    bool is_quiet();
    bool is_open() const { return socket_.is_open(); }
    std::string peer() const;

    std::string in;  ///< read and not used yet

private:
    net::ip::tcp::socket socket_;
    net::ip::tcp::resolver resolver_;
    net::steady_timer timer_;
    std::uint64_t phase_ = 0;
    bool late_ = false;
};

}  // namespace sluice::http
