#pragma once
#include <random>
#include <string>

namespace sluice::serving {

/// So many random digits: for what must differ between processes. Not for secrets.
inline std::string random_hex(std::size_t digits) {
    std::random_device random;
    std::string text(digits, '0');
    for (auto& digit : text) digit = "0123456789abcdef"[random() & 15];
    return text;
}

}  // namespace sluice::serving
