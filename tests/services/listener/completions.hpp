#pragma once
#include "events/codec.hpp"

#include <nlohmann/json.hpp>

// Events as jobs send them.
namespace sluice::listener {

using Json = nlohmann::json;

inline Json completion() {
    const auto digest = [](char c) { return "sha256:" + std::string(64, c); };
    return Json{
        {"model", "fraud"},
        {"run", {{"id", "r1"}, {"started_at", "2026-01-31T02:00:00Z"}, {"finished_at", "2026-01-31T02:00:04Z"}}},
        {"artifact", {{"digest", digest('a')}, {"size", 5}}},
        {"code", {{"repository", "models"}, {"commit", "c65b9a1514b1"}, {"dirty", false}}},
        {"data", {{"name", "cards"}, {"snapshot", "2026-01-31"}, {"digest", digest('d')}}},
        {"seeds", {7}},
        {"environment", {{"digest", digest('e')}}},
        {"features", {{{"view", "user"}, {"version", 1}}}},
        {"signature",
         {{"inputs", {{{"name", "amount"}, {"type", "double"}}, {{"name", "hour"}, {"type", "double"}}}},
          {"outputs", {{{"name", "score"}, {"type", "double"}}}}}},
        {"metrics", {{{"name", "auc"}, {"value", 0.91}}}},
        {"parameters", Json::object()},
        {"owner", "risk"},
        {"job", "nightly"},
        {"probe", {{"digest", digest('b')}}}};
}

inline Json event(const Json& data, const std::string& id = "1",
                  const std::string& type = "io.sluice.training.completed.v1") {
    return {{"specversion", "1.0"}, {"type", type}, {"source", "/jobs/fraud"}, {"id", id}, {"data", data}};
}

}  // namespace sluice::listener
