#pragma once
#include "common/core/fields.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::core {

/// 128 bits, written as a UUID. Most are derived (UUIDv8, RFC 9562): the same fact gets the same id, whoever writes it
/// and how often.
struct FactId {
    std::uint64_t high = 0, low = 0;
    auto operator<=>(const FactId&) const = default;
    bool is_none() const { return high == 0 && low == 0; }
    static constexpr auto fields() { return std::tuple{field("high", &FactId::high), field("low", &FactId::low)}; }
};

std::string to_text(const FactId& id);
/// Reads 8-4-4-4-12 lower-case hex; nothing where it is no such text.
std::optional<FactId> fact_id_from(std::string_view text);

/// Whose facts they are. `instance` is set only for facts that each instance owes.
struct Writer {
    std::string cell, service, instance;
    SLUICE_FIELDS(Writer, cell, service, instance)
};

/// UUIDv8(SHA-256(lp(cell) | lp(service) | lp(instance) | cause (16 bytes) | lp(debt) | lp(slot))), lp = u32be length +
/// bytes. `debt` is the fact's name for a decided fact and the effect's for an outcome. `slot` says which of several: a
/// gate's name, a measurement's number, never a counter over what was emitted. Test vectors: events/examples/ids.json.
FactId derive(const Writer& writer, const FactId& cause, std::string_view debt, std::string_view slot = {});

/// The id of what an outsider sent: UUIDv8(SHA-256(lp(subject) | lp(source) | lp(id))). `subject` is who sent it.
FactId external_id(std::string_view subject, std::string_view source, std::string_view id);

}  // namespace sluice::core
