#include "events/json/generic.hpp"
#include "events/telemetry.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(ServingNodeJoined)
SLUICE_FACT_JSON(ServingNodeLost)
SLUICE_FACT_JSON(RouteApplied)
SLUICE_FACT_JSON(RouteRefused)
SLUICE_JSON(TelemetryWindow)

}  // namespace sluice::events
