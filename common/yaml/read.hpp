#pragma once
#include "common/core/result.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

// YAML is for people at the command line: it becomes JSON once, here, and nothing behind this header knows of it.
namespace sluice::yaml {

/// A place in the text. Both count from 1; a column counts bytes.
struct Mark {
    std::size_t line = 0, column = 0;
    bool operator==(const Mark&) const = default;
};

/// One YAML document as JSON: members in the order in which they were written, no white space.
struct Document {
    std::string json;
    std::map<std::string, Mark>
        marks;  ///< where each value begins, by its JSON pointer (RFC 6901), a null's its key; "" is the whole
};

struct Limits {
    std::size_t size_max = 1 << 20;           ///< bytes of text
    std::size_t depth_max = 32;               ///< mappings and sequences inside each other
    std::size_t pointers_size_max = 1 << 24;  ///< bytes of all JSON pointers together
};

/// Reads one document by the core schema of YAML 1.2: a plain `true`, `null`, `7`, `0x1f` or `1.5e3` is what it looks
/// like, while `yes`, `no`, `on` and everything quoted stay text. Keys are text. Numbers keep their kind: `2.0` stays a
/// fraction.
///
/// Poison, with line and column, where the text is no YAML, or means more than JSON can say or people can foresee: a
/// second document, a key given twice or one that is no scalar, anchors and aliases, tags, `.inf` and `.nan`, a number
/// beyond 64 bits, text that is not UTF-8, or anything beyond the limits.
core::Result<Document> read_yaml(std::string_view text, const Limits& limits = {});

}  // namespace sluice::yaml
