#pragma once
#include "common/core/envelope.hpp"
#include "common/core/fields.hpp"
#include "events/names.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sluice::events {

SLUICE_ENUM(Kind, decided, observed, request)

}  // namespace sluice::events

/// Inside a struct: makes it a fact. `about` is one sentence for people who read the vocabulary, the schemas and
/// AsyncAPI.
#define SLUICE_FACT(Type, version, by, of_kind, text, ...)                          \
    static constexpr std::string_view name = #Type;                                 \
    static constexpr int schema_version = version;                                  \
    static constexpr std::string_view writer = by;                                  \
    static constexpr ::sluice::events::Kind kind = ::sluice::events::Kind::of_kind; \
    static constexpr std::string_view about = text;                                 \
    SLUICE_FIELDS(Type __VA_OPT__(, ) __VA_ARGS__)
