#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice::http {

/// What the server bears. Each time is a deadline for the whole phase: a byte now and then does not extend it.
struct Limits {
    std::size_t head_bytes_max = 8192;  ///< request line and headers; also one chunk's header, and the trailers
    std::size_t fields_max = 64;
    std::size_t target_bytes_max = 2048;
    std::size_t connections_max = 512;
    std::size_t connections_per_peer_max = 256;  ///< 64 jobs on one machine, each with a small pool, must fit
    std::size_t requests_per_connection_max = 1000;
    std::size_t bytes_per_second_min = 16 * 1024;  ///< how slow a body may be before its deadline passes
    std::size_t linger_bytes_max = 1024 * 1024;  ///< read and dropped after a refusal, so that the peer sees the answer
    int backlog = 128;

    std::chrono::milliseconds head_time_max{5000};
    std::chrono::milliseconds body_time_base{2000};    ///< + size / bytes_per_second_min, …
    std::chrono::milliseconds body_time_max{30000};    ///< … but not more than this, unless the route says otherwise
    std::chrono::milliseconds write_time_base{10000};  ///< + size / bytes_per_second_min
    std::chrono::milliseconds idle_time_max{15000};
    std::chrono::milliseconds linger_time_max{1000};

    /// The names and addresses that a Host header may say, without port; empty: any.
    std::vector<std::string> hosts;
};

}  // namespace sluice::http
