#pragma once
#include "common/runtime/mirror_store.hpp"

#include <map>

namespace sluice::support {

/// A mirror's store in memory: small, real, and held to the same contract suite as Postgres.
class MemoryMirrorStore final : public runtime::MirrorStore {
public:
    core::Result<runtime::MirrorPlace> place() override {
        runtime::MirrorPlace place{records.size(), std::nullopt};
        if (!records.empty()) place.last = records.back();
        return place;
    }

    core::Result<std::vector<runtime::Echo>> append(const runtime::MirrorBatch& batch) override {
        if (batch.from != records.size())
            return core::Failure::retryable("the mirror's position has moved", "go on from where it is now");
        records.insert(records.end(), batch.records.begin(), batch.records.end());
        std::vector<runtime::Echo> echoes;
        for (const auto& fact : batch.facts) {
            const auto [at, is_first] = facts.try_emplace(fact.head.id, fact);
            const auto& first = at->second;
            if (is_first) continue;
            const bool differs =
                first.type != fact.type || first.schema_version != fact.schema_version || first.data != fact.data;
            echoes.push_back({fact.head.id, fact.head.position, first.head.position, differs});
        }
        return echoes;
    }

    std::vector<core::Record> records;
    std::map<core::FactId, runtime::MirroredFact> facts;
};

}  // namespace sluice::support
