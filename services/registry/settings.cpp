#include "services/registry/settings.hpp"

namespace sluice::registry {

void declare(app::Options& options, Settings& settings) {
    app::declare(options, settings.common, "registry");
    options.port(settings.port, "registry-port", "port for everybody who reads or moves versions; 0 picks one");
    options.required(settings.tokens_file, "tokens-file", "file of subjects, roles and SHA-256 of bearer tokens");
}

}  // namespace sluice::registry
