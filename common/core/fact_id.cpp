#include "common/core/fact_id.hpp"

#include "common/core/sha256.hpp"

namespace sluice::core {
namespace {

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

void append_prefixed(std::string& out, std::string_view part) {
    append_big_endian(out, part.size(), 4);
    out += part;
}

FactId uuid_v8(std::string_view text) {
    const auto hash = sha256(text);
    FactId id;
    for (std::size_t i = 0; i < 8; ++i) id.high = id.high << 8 | hash[i], id.low = id.low << 8 | hash[i + 8];
    id.high = (id.high & ~0xf000ull) | 0x8000ull;
    id.low = (id.low & ~(3ull << 62)) | 2ull << 62;
    return id;
}

}  // namespace

FactId derive(const Writer& writer, const FactId& cause, std::string_view debt, std::string_view slot) {
    std::string text;
    for (const auto* part : {&writer.cell, &writer.service, &writer.instance}) append_prefixed(text, *part);
    append_big_endian(text, cause.high, 8);
    append_big_endian(text, cause.low, 8);
    append_prefixed(text, debt);
    append_prefixed(text, slot);
    return uuid_v8(text);
}

FactId external_id(std::string_view subject, std::string_view source, std::string_view id) {
    std::string text;
    for (const auto part : {subject, source, id}) append_prefixed(text, part);
    return uuid_v8(text);
}

std::string to_text(const FactId& id) {
    std::string bytes;
    append_big_endian(bytes, id.high, 8);
    append_big_endian(bytes, id.low, 8);
    auto text = hex(bytes);
    for (const auto at : {8, 13, 18, 23}) text.insert(static_cast<std::size_t>(at), 1, '-');
    return text;
}

std::optional<FactId> fact_id_from(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    FactId id;
    int nibbles = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return std::nullopt;
            continue;
        }
        const auto value = std::string_view("0123456789abcdef").find(c);
        if (value == std::string_view::npos) return std::nullopt;
        auto& half = nibbles++ < 16 ? id.high : id.low;
        half = half << 4 | value;
    }
    return id;
}

}  // namespace sluice::core
