#include "events/json/generic.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(PolicySubmitted)
SLUICE_FACT_JSON(PolicyPublished)
SLUICE_FACT_JSON(PolicyRefused)
SLUICE_JSON(Policy)

}  // namespace sluice::events
