#pragma once
#include "common/core/envelope.hpp"
#include "common/core/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice::runtime {

/// A record that is a fact as far as its envelope goes. Whether it is the first with its id, the store finds out.
struct MirroredFact {
    core::Head head;
    std::string type;  ///< the fact's name
    int schema_version = 0;
    std::string subject;
    bool has_basis = false;
    std::string data;  ///< JSON
};

/// Consecutive records from `from` on, and the facts among them in the same order.
struct MirrorBatch {
    core::Position from = 0;
    std::vector<core::Record> records;
    std::vector<MirroredFact> facts;
    core::Position next() const { return from + records.size(); }
};

/// How far a mirror has come: the position of the next record to copy, and the record before it.
struct MirrorPlace {
    core::Position next = 0;
    std::optional<core::Record> last;
};

/// A later record with the id of a fact. It is kept as a record and is no fact.
struct Echo {
    core::FactId id;
    core::Position position = 0, first = 0;
    bool differs = false;  ///< it says something else than the fact: other type, schema version or data
    bool operator==(const Echo&) const = default;
};

/// Where a mirror copies to. Calls wait for the other side: not from the executor's thread, and one at a time.
class MirrorStore {
public:
    virtual ~MirrorStore() = default;

    virtual core::Result<MirrorPlace> place() = 0;

    /// Adds all of the batch and moves the position from `batch.from` to `batch.next()`, or does nothing. Answers the
    /// echoes among the batch's facts. A failure is retryable where the store is away, or where the position is not
    /// `batch.from` (another mirror moved it, or an earlier call succeeded unheard): ask for place() and go on from
    /// there. It is poison where the store can never hold something in this batch, and fatal where it is not as it must
    /// be.
    virtual core::Result<std::vector<Echo>> append(const MirrorBatch& batch) = 0;
};

}  // namespace sluice::runtime
