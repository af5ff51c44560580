#include "services/mirror/decode.hpp"

#include "events/codec.hpp"

namespace sluice::mirror {

core::Result<runtime::MirroredFact> decode(const core::Record& record) {
    auto parsed = events::parse(record.value);
    if (!parsed) return parsed.failure();
    const int known = events::known_version<events::AllFacts>(parsed->name);
    if (known == 0)
        return core::Failure::poison("this record is no fact: no catalogue knows its type",
                                     "find out who writes to the ledger besides Sluice");
    if (parsed->schema_version > known) return events::newer_schema(record.position, parsed->type);
    runtime::MirroredFact fact{std::move(parsed->head), parsed->name,      parsed->schema_version,
                               parsed->subject,         parsed->has_basis, parsed->data_text()};
    fact.head.position = record.position;
    return fact;
}

}  // namespace sluice::mirror
