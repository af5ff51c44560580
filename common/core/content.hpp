#pragma once
#include "common/core/binary.hpp"
#include "common/core/sha256.hpp"

namespace sluice::core {

/// SHA-256 over a fact's name, a zero byte, and its binary form: the same for two facts that say the same, whatever
/// their envelopes, blanks and order of members. Of a variant: of the fact that it holds.
template <class Fact> Hash content_of(const Fact& fact) {
    if constexpr (is_variant<Fact>) {
        return std::visit([](const auto& held) { return content_of(held); }, fact);
    } else {
        auto text = std::string(Fact::name);
        text.push_back('\0');
        put(text, fact);
        return sha256(text);
    }
}

}  // namespace sluice::core
