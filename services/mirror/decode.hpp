#pragma once
#include "common/runtime/mirror_store.hpp"

namespace sluice::mirror {

/// What the mirror makes of a record. Poison: it is foreign, no fact of ours. Fatal: a fact that is known here only in
/// an older schema version; the mirror must be upgraded before its writers.
core::Result<runtime::MirroredFact> decode(const core::Record& record);

}  // namespace sluice::mirror
