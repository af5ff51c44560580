#include "events/json/generic.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(ApprovalRequested)
SLUICE_FACT_JSON(ReviewSubmitted)
SLUICE_FACT_JSON(ReviewCounted)
SLUICE_FACT_JSON(ReviewRefused)
SLUICE_FACT_JSON(ApprovalGranted)
SLUICE_FACT_JSON(ApprovalDenied)
SLUICE_FACT_JSON(ApprovalExpired)
SLUICE_FACT_JSON(ApprovalVoided)

}  // namespace sluice::events
