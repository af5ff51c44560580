#include "tests/common/postgres/cut_wire.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace sluice::postgres {
namespace {

sockaddr_in here(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET, address.sin_port = htons(port), address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool readable(int fd) {
    pollfd wanted{fd, POLLIN, 0};
    return poll(&wanted, 1, 20) > 0;
}

std::string take(int fd) {
    std::array<char, 65'536> buffer;
    const auto count = recv(fd, buffer.data(), buffer.size(), 0);
    return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string{};
}

}  // namespace

CutWire::CutWire(std::uint16_t server) : server_{server}, listener_{socket(AF_INET, SOCK_STREAM, 0)} {
    auto address = here(0);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 8);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

CutWire::~CutWire() {
    ending_ = true;
    thread_.join();
    close(listener_);
}

void CutWire::set(std::string word, bool deliver) {
    word_ = std::move(word), deliver_ = deliver;
    armed_ = true;
}

void CutWire::serve() {
    while (!ending_) {
        if (!readable(listener_)) continue;
        const int client = accept(listener_, nullptr, nullptr), server = socket(AF_INET, SOCK_STREAM, 0);
        auto address = here(server_);
        if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) pass_on(client, server);
        close(client), close(server);
    }
}

void CutWire::pass_on(int client, int server) {
    std::array<pollfd, 2> both{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    while (!ending_) {
        if (poll(both.data(), both.size(), 20) <= 0) continue;
        if (both[0].revents != 0) {
            const auto asked = take(client);
            const bool cut = armed_ && asked.find(word_) != asked.npos;
            if (asked.empty() || (cut && !deliver_)) return void(armed_ = armed_ && !cut);
            send(server, asked.data(), asked.size(), MSG_NOSIGNAL);
            if (cut) return take(server), void(armed_ = false);
        }
        if (both[1].revents != 0) {
            const auto answer = take(server);
            if (answer.empty()) return;
            send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }
}

}  // namespace sluice::postgres
