#include "cli/help.hpp"
#include "cli/session.hpp"
#include "common/app/version.hpp"

#include <ostream>

namespace sluice::cli {
namespace {

struct Version {
    void declare(Command&) {}

    Exit run(Session& session) const {
        if (session.wants_json())
            session.out() << "{\"version\":\"" << app::version << "\"}\n";
        else
            session.out() << "sluice " << app::version << '\n';
        return Exit::ok;
    }
};

struct Complete {
    void declare(Command& command) { command.note("Use it with: eval \"$(sluice completion bash)\""); }

    Exit run(Session& session) const {
        session.out() << bash_completion(all_commands());
        return Exit::ok;
    }
};

}  // namespace

void add_about(Commands& commands) {
    commands.add<Version>("version", "which release this is");
    commands.add<Complete>("completion bash", "a script that completes commands and options");
}

}  // namespace sluice::cli
