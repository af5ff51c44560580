#pragma once
#include <nlohmann/json.hpp>

#include <string>

namespace sluice::vocabulary {

/// JSON as YAML in block style, for people. Texts are quoted unless they are plain words.
std::string yaml_of(const nlohmann::ordered_json& value);

}  // namespace sluice::vocabulary
