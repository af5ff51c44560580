#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace sluice::postgres {

/// A wire to a server on 127.0.0.1 that is cut when something goes by: either before it reaches the server, or after,
/// with the answer lost. One connection at a time. Without a word to cut at it only passes on.
class CutWire {
public:
    explicit CutWire(std::uint16_t server);
    ~CutWire();
    std::uint16_t port() const { return port_; }
    void cut_before(std::string word) { set(std::move(word), false); }
    void cut_after(std::string word) { set(std::move(word), true); }

private:
    void set(std::string word, bool deliver);
    void serve();
    void pass_on(int client, int server);

    std::uint16_t server_, port_ = 0;
    int listener_;
    std::string word_;
    bool deliver_ = false;
    std::atomic<bool> armed_ = false, ending_ = false;
    std::thread thread_;
};

}  // namespace sluice::postgres
