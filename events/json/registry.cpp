#include "events/json/generic.hpp"

namespace sluice::events {

SLUICE_FACT_JSON(ModelCreated)
SLUICE_FACT_JSON(ModelVersionRegistered)
SLUICE_FACT_JSON(AliasMoveRequested)
SLUICE_FACT_JSON(AliasMoved)
SLUICE_FACT_JSON(ArchiveRequested)
SLUICE_FACT_JSON(ModelVersionArchived)
SLUICE_FACT_JSON(RegistryRequestRefused)

}  // namespace sluice::events
