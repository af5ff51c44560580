#include "services/serving/settings.hpp"

#include "common/app/scorer.hpp"

namespace sluice::serving {

void declare(app::Options& options, Settings& settings) {
    settings.scorer_path = app::scorer_beside_this_program();
    app::declare(options, settings.common, "serving");
    options.port(settings.port, "serving-port", "port for applications; 0 picks one");
    options.text(settings.node, "serving-node", "name of this node: each has its own, and keeps it over restarts");
    options.required(settings.artifacts_dir, "artifacts-dir", "folder of the artifact store");
    options.required(settings.tokens_file, "tokens-file", "file of subjects, roles and SHA-256 of bearer tokens");
    options.text(settings.scorer_path, "scorer-path", "program that opens and warms a version first");
    options.text(settings.state_dir, "serving-state-dir", "folder of this node's own; nothing is kept there yet");
    options.number(settings.feature_entities_max, "serving-feature-entities-max",
                   "so many entities fit into the online store", 1, 1'000'000'000);
}

}  // namespace sluice::serving
