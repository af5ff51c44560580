#include "events/json/generic.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(RolloutQueued)
SLUICE_FACT_JSON(RolloutRefused)
SLUICE_FACT_JSON(RolloutStarted)
SLUICE_FACT_JSON(RouteChanged)
SLUICE_FACT_JSON(CanaryMeasured)
SLUICE_FACT_JSON(RolloutJudged)
SLUICE_FACT_JSON(RolloutAdvanced)
SLUICE_FACT_JSON(RolloutPaused)
SLUICE_FACT_JSON(RolloutResumed)
SLUICE_FACT_JSON(RolloutPromoted)
SLUICE_FACT_JSON(RolloutRolledBack)
SLUICE_FACT_JSON(RolloutAborted)
SLUICE_FACT_JSON(RolloutSuperseded)
SLUICE_FACT_JSON(RolloutRequestRefused)
SLUICE_FACT_JSON(RolloutPauseRequested)
SLUICE_FACT_JSON(RolloutResumeRequested)
SLUICE_FACT_JSON(RolloutAbortRequested)
SLUICE_FACT_JSON(RolloutAdvanceRequested)
SLUICE_FACT_JSON(RollbackRequested)
SLUICE_JSON(Route)

}  // namespace sluice::events
