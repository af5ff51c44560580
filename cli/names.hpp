#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace sluice::cli {

/// MODEL/N.
struct OneVersion {
    std::string model;
    std::uint32_t version = 0;
    std::string text() const { return model + "/" + std::to_string(version); }
};
/// MODEL or MODEL/N.
struct ModelOrVersion {
    std::string model;
    std::uint32_t version = 0;  ///< 0: the model as a whole
};
/// MODEL.
struct ModelName {
    std::string text;
};
/// ENDPOINT.
struct EndpointName {
    std::string text;
};

/// Each reads what was typed for one argument; empty, or what is wrong with it, with advice.
std::string read(const std::string& typed, OneVersion& into);
std::string read(const std::string& typed, ModelOrVersion& into);
std::string read(const std::string& typed, ModelName& into);
std::string read(const std::string& typed, EndpointName& into);
std::string read(const std::string& typed, std::string& into);
std::string read(const std::string& typed, std::uint32_t& into);
std::string read(const std::string& typed, std::uint64_t& into);
template <class T> std::string read(const std::string& typed, std::optional<T>& into) {
    T value{};
    auto wrong = read(typed, value);
    if (wrong.empty()) into = std::move(value);
    return wrong;
}

}  // namespace sluice::cli
