#pragma once
#include "events/training.hpp"

// Which run is which version of which model, and where the aliases point.
namespace sluice::events {

struct ModelCreated {
    Model model;
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(ModelCreated, 1, "registry", decided,
                "a model has its first version; the id of this fact is the model's immutable id", model)
};

struct ModelVersionRegistered {
    core::FactId model_id;
    Model model;
    Version version = 0;
    Run run;
    Person submitter;  ///< who sent the completion
    Artifact artifact;
    Named probe;
    Signature signature;
    std::vector<FeatureView> features;
    std::vector<Metric> metrics;  ///< as the trainer declared them
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ModelVersionRegistered, 1, "registry", decided,
                "this run is version n of this model, dense in the order of the completions", model_id, model, version,
                run, submitter, artifact, probe, signature, features, metrics)
};

struct AliasMoveRequested {
    Model model;
    Alias alias;
    Version version = 0;
    std::optional<Version> expected;  ///< where the alias must point now; 0: nowhere
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(AliasMoveRequested, 1, "registry", request, "somebody asks that an alias point at a version", model,
                alias, version, expected)
};

struct AliasMoved {
    Model model;
    Alias alias;
    Version version = 0, previous = 0;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(AliasMoved, 1, "registry", decided, "an alias points at this version from here on", model, alias,
                version, previous)
};

struct ArchiveRequested {
    Model model;
    Version version = 0;
    std::string reason;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ArchiveRequested, 1, "registry", request, "somebody asks that a version be archived", model, version,
                reason)
};

struct ModelVersionArchived {
    Model model;
    Version version = 0;
    std::string reason;
    std::string subject() const { return about_version(model, version); }
    SLUICE_FACT(ModelVersionArchived, 1, "registry", decided, "a version takes no part in anything from here on", model,
                version, reason)
};

SLUICE_ENUM(RegistryRefusal, unknown_model, unknown_version, archived_version, live_version, alias_has_moved,
            alias_is_reserved)

struct RegistryRequestRefused {
    Model model;
    RegistryRefusal reason{};
    std::string subject() const { return about_model(model); }
    SLUICE_FACT(RegistryRequestRefused, 1, "registry", decided, "a request to the registry was refused", model, reason)
};

}  // namespace sluice::events
