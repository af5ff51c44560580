#include "rules/assignment.hpp"

#include "common/core/sha256.hpp"

#include <array>

namespace sluice::rules {
namespace {

void add_prefixed(core::Sha256& hash, std::string_view part) {
    const auto size = static_cast<std::uint32_t>(part.size());
    const std::array<char, 4> prefix{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                                     static_cast<char>(size >> 8), static_cast<char>(size)};
    hash.update({prefix.data(), prefix.size()});
    hash.update(part);
}

}  // namespace

std::uint64_t assignment_hash(std::string_view salt, std::string_view entity_key) {
    core::Sha256 hash;
    add_prefixed(hash, salt);
    add_prefixed(hash, entity_key);
    const auto digest = hash.finish();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | digest[i];
    return value;
}

bool to_canary(std::uint64_t hash, std::uint32_t canary_weight) { return hash % whole_weight < canary_weight; }

}  // namespace sluice::rules
