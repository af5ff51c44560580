#include "tests/contract/gate.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace sluice::tests {
namespace {

sockaddr_in local(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool forward(int from, int to) {
    std::array<char, 65536> bytes;
    const auto count = read(from, bytes.data(), bytes.size());
    return count > 0 && write(to, bytes.data(), static_cast<std::size_t>(count)) == count;
}

}  // namespace

Gate::Gate(std::uint16_t behind) : behind_{behind}, listener_{socket(AF_INET, SOCK_STREAM, 0)} {
    auto address = local(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    // Bound but not listening: nobody else gets the port, and whoever knocks is refused.
    if (bind(listener_, generic, size) != 0 || getsockname(listener_, generic, &size) != 0)
        throw std::runtime_error("no port for the gate");
    port_ = ntohs(address.sin_port);
}

Gate::~Gate() {
    closing_ = true;
    if (passing_.joinable()) passing_.join();
    close(listener_);
}

void Gate::open() {
    if (listen(listener_, 16) != 0) throw std::runtime_error("the gate does not open");
    passing_ = std::thread{[this] { pass(); }};
}

void Gate::pass() {
    std::vector<pollfd> ends{{listener_, POLLIN, 0}};  // after the listener: pairs of both ends of a connection
    while (!closing_) {
        if (poll(ends.data(), ends.size(), 20) <= 0) continue;
        for (std::size_t i = 1; i < ends.size(); ++i) {
            auto& end = ends[i];
            auto& other = ends[(i - 1) % 2 == 0 ? i + 1 : i - 1];
            if (end.fd < 0 || end.revents == 0 || forward(end.fd, other.fd)) continue;
            close(end.fd), close(other.fd);
            end.fd = other.fd = -1;
        }
        if (ends[0].revents == 0) continue;
        const auto in = accept(listener_, nullptr, nullptr), out = socket(AF_INET, SOCK_STREAM, 0);
        const auto address = local(behind_);
        if (connect(out, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) continue;
        ends.push_back({in, POLLIN, 0});
        ends.push_back({out, POLLIN, 0});
    }
    for (std::size_t i = 1; i < ends.size(); ++i)
        if (ends[i].fd >= 0) close(ends[i].fd);
}

}  // namespace sluice::tests
