#pragma once
#include <atomic>
#include <cstdint>
#include <thread>

namespace sluice::tests {

/// A port of 127.0.0.1 that leads nowhere until it is opened, and then to another one.
class Gate {
public:
    explicit Gate(std::uint16_t behind);
    ~Gate();

    std::uint16_t port() const { return port_; }
    void open();

private:
    void pass();

    std::uint16_t behind_, port_ = 0;
    int listener_;
    std::atomic<bool> closing_ = false;
    std::thread passing_;
};

}  // namespace sluice::tests
