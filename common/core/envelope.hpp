#pragma once
#include "common/core/fact_id.hpp"
#include "common/core/time.hpp"

#include <string>

namespace sluice::core {

/// Where a record stands: its Kafka offset in sluice.ledger.
using Position = std::uint64_t;

/// What a fold may know of a fact besides its data.
struct Head {
    FactId id;
    FactId cause;        ///< the fact that caused it; none where the cause lies outside the ledger
    FactId correlation;  ///< the first fact of the chain
    Position position = 0;
    Position basis = 0;   ///< decided: where its cause stands; observed: the last position folded when it was observed
    Position seen = 0;    ///< how many records its writer had folded, without finding this id, when it sent
    Time time = 0;        ///< when it became true, by its writer's clock
    std::string service;  ///< the writer
    std::string actor;    ///< the subject id of the person or job whose act it is; empty otherwise
    std::string trace;    ///< W3C traceparent, carried through every hop; may be empty
    SLUICE_FIELDS(Head, id, cause, correlation, position, basis, seen, time, service, actor, trace)
};

template <class Fact> struct Recorded {
    Head head;
    Fact data;
};

/// One record as it lies on the ledger. The value is all that has meaning.
struct Record {
    Position position = 0;
    Time appended_at = 0;  ///< the broker's clock; no fold reads it
    std::string value;
    SLUICE_FIELDS(Record, position, appended_at, value)
};

/// A record on its way to the ledger. `type` and `key` repeat what the value says, for people who filter with kcat.
struct Draft {
    FactId id;
    std::string type, key, value;
    SLUICE_FIELDS(Draft, id, type, key, value)
};

/// The largest value that a ledger takes; larger evidence goes to the artifact store and is named by digest.
inline constexpr std::size_t value_size_max = 65'535;

}  // namespace sluice::core
