#include "events/json/generic.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(EvaluationMeasured)
SLUICE_FACT_JSON(EvaluationErrored)
SLUICE_FACT_JSON(EvaluationPassed)
SLUICE_FACT_JSON(EvaluationFailed)
SLUICE_FACT_JSON(EvaluationCancelled)
SLUICE_JSON(std::vector<GateResult>)

}  // namespace sluice::events
