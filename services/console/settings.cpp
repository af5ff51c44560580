#include "services/console/settings.hpp"

namespace sluice::console {

void declare(app::Options& options, Settings& settings) {
    app::declare(options, settings.common, "console");
    options.port(settings.port, "console-port", "port for reviewers and operators; 0 picks one");
    options.required(settings.tokens_file, "tokens-file", "file of subjects, roles and SHA-256 of bearer tokens");
}

}  // namespace sluice::console
