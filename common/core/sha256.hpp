#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::core {

using Hash = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4), fed in pieces.
class Sha256 {
public:
    Sha256();
    void update(std::string_view bytes);
    /// The hash of all that was fed; nothing may be fed afterwards.
    Hash finish();

private:
    void block(const std::uint8_t* bytes);

    std::array<std::uint32_t, 8> state_;
    std::array<std::uint8_t, 64> waiting_{};
    std::size_t waiting_size_ = 0;
    std::uint64_t total_ = 0;
};

Hash sha256(std::string_view bytes);

std::string hex(std::string_view bytes);
std::string hex(const Hash& hash);
std::string sha256_hex(std::string_view bytes);

/// `sha256:<64 lower hex>`: how a digest is written everywhere.
std::string digest_text(const Hash& hash);
std::string digest_of(std::string_view bytes);

}  // namespace sluice::core
