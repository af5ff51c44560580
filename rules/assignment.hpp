#pragma once
#include <cstdint>
#include <string_view>

// Which entity is the canary's: a function of names only, so that who saw what can be derived later from the ledger.
namespace sluice::rules {

/// All of the traffic, in basis points.
inline constexpr std::uint32_t whole_weight = 10000;

/// The first 8 bytes, big endian, of SHA-256(lp(salt) | lp(entity_key)), where lp(x) is the length of x as 4 bytes big
/// endian, then x. The same on every machine and in every release. The salt is the rollout's id: fresh per rollout, so
/// that the same entities are not the first to meet every canary.
std::uint64_t assignment_hash(std::string_view salt, std::string_view entity_key);

/// True for `canary_weight` of every 10,000 hashes: hash mod 10000 < weight. Raising the weight moves entities from the
/// stable version to the canary only, never back; 0 is nobody, 10000 and above everybody.
bool to_canary(std::uint64_t hash, std::uint32_t canary_weight);

}  // namespace sluice::rules
