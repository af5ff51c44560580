#include "events/json/generic.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(TrainingStarted)
SLUICE_FACT_JSON(TrainingCompleted)
SLUICE_FACT_JSON(TrainingFailed)
SLUICE_FACT_JSON(TrainingRefused)
SLUICE_FACT_JSON(ArtifactStored)
SLUICE_FACT_JSON(DeadlinePassed)
SLUICE_JSON(Problem)
SLUICE_JSON(std::vector<Problem>)
SLUICE_JSON(Signature)

}  // namespace sluice::events
