#include "cli/cli.hpp"

#include "cli/parse.hpp"
#include "cli/problem.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace sluice::cli {
namespace {

Exit run_command(const Asked& asked, Surroundings& around) {
    Session session{around, asked.common};
    try {
        return asked.command->run(session);
    } catch (const Refused& refused) {
        if (!session.wants_json() || refused.problem.body.empty()) throw;
        around.err << refused.problem.body << '\n';
        return refused.exit;
    } catch (const nlohmann::json::exception&) {
        throw Ended{Exit::failure,
                    "the answer to " + session.last_asked() +
                        " is not as expected; check the address, and that the services are of this release"};
    }
}

}  // namespace

Exit run(const std::vector<std::string>& arguments, Surroundings& around) {
    try {
        const auto commands = all_commands();
        const auto asked = parse(commands, arguments);
        auto exit = Exit::ok;
        if (asked.help.empty())
            exit = run_command(asked, around);
        else
            around.out << asked.help;
        if (!around.out.flush()) throw Ended{Exit::failure, "the output could not be written; is the disk full?"};
        return exit;
    } catch (const Ended& ended) {
        around.err << "sluice: " << ended.what() << '\n';
        return ended.exit;
    } catch (const std::exception& failure) {
        around.err << "sluice: " << failure.what() << "; check the settings that sluice --help lists\n";
        return Exit::failure;
    }
}

}  // namespace sluice::cli
