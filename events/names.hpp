#pragma once
#include "common/core/name.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sluice::events {

constexpr bool all_of(std::string_view text, std::string_view alphabet) {
    return std::ranges::all_of(text, [&](char c) { return alphabet.find(c) != std::string_view::npos; });
}
constexpr bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// `[a-z0-9_-]`, up to three dotted levels (catalog.schema.name), so that grants can name a prefix; at most 128
/// characters.
struct DottedName {
    static constexpr std::string_view pattern = "^(?=.{1,128}$)[a-z0-9_-]+(\\.[a-z0-9_-]+){0,2}$";
    static constexpr bool fits(std::string_view text) {
        return !text.empty() && text.size() <= 128 && all_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_-.") &&
               text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos &&
               std::ranges::count(text, '.') <= 2;
    }
};
/// Printable ASCII without blanks, at most 128 characters.
struct Label {
    static constexpr std::string_view pattern = "^[!-~]{1,128}$";
    static constexpr bool fits(std::string_view text) { return !text.empty() && text.size() <= 128 && printable(text); }
};
/// `sha256:` and 64 lower hex digits.
struct DigestText {
    static constexpr std::string_view pattern = "^sha256:[0-9a-f]{64}$";
    static constexpr bool fits(std::string_view text) {
        return text.size() == 71 && text.starts_with("sha256:") && all_of(text.substr(7), "0123456789abcdef");
    }
};
/// 7 to 64 lower hex digits.
struct CommitText {
    static constexpr std::string_view pattern = "^[0-9a-f]{7,64}$";
    static constexpr bool fits(std::string_view text) {
        return text.size() >= 7 && text.size() <= 64 && all_of(text, "0123456789abcdef");
    }
};

using Model = core::Name<struct ModelTag>;
using Endpoint = core::Name<struct EndpointTag>;
using View = core::Name<struct ViewTag>;
using Run = core::Name<struct RunTag>;
using Alias = core::Name<struct AliasTag>;
using Person = core::Name<struct PersonTag>;  ///< an opaque subject id of a person or a job, never a name or an address
using Node = core::Name<struct NodeTag>;
using Column = core::Name<struct ColumnTag>;
using Digest = core::Name<struct DigestTag>;
using Commit = core::Name<struct CommitTag>;

struct ModelTag : DottedName {};
struct EndpointTag : DottedName {};
struct ViewTag : DottedName {};
struct RunTag : Label {};
struct AliasTag : Label {};
struct PersonTag : Label {};
struct NodeTag : Label {};
struct ColumnTag : Label {};
struct DigestTag : DigestText {};
struct CommitTag : CommitText {};

using Version = std::uint32_t;   ///< of a model; dense from 1; 0: none
using Revision = std::uint32_t;  ///< of an endpoint's route; dense from 1; 0: none

/// One version of one model: what nearly every fact is about.
struct ModelVersion {
    Model model;
    Version version = 0;
    auto operator<=>(const ModelVersion&) const = default;
    static constexpr auto fields() {
        return std::tuple{core::field("model", &ModelVersion::model), core::field("version", &ModelVersion::version)};
    }
};

inline std::string about_model(const Model& model) { return "models/" + model.text; }
inline std::string about_version(const Model& model, Version version) {
    return "models/" + model.text + "/versions/" + std::to_string(version);
}
inline std::string about_endpoint(const Endpoint& endpoint) { return "endpoints/" + endpoint.text; }

}  // namespace sluice::events
