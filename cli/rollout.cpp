#include "cli/endpoint.hpp"
#include "cli/session.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <sstream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string endpoint_path(const EndpointName& endpoint) { return "/v1/endpoints/" + path_segment(endpoint.text); }

struct Get {
    EndpointName endpoint;

    void declare(Command& command) { command.word(endpoint, "ENDPOINT", "where applications ask, as in fraud"); }

    Exit run(Session& session) const {
        const auto answer = session.ask({.path = endpoint_path(endpoint)});
        if (session.wants_json()) return session.print_json(answer);
        print_endpoint(session.out(), answer);
        return Exit::ok;
    }
};

/// Draws a page over the one before it.
class Screen {
public:
    explicit Screen(std::ostream& out) : out_{out} {}
    void draw(const std::string& text) {
        if (lines_ > 0) out_ << "\x1b[" << lines_ << "A\x1b[J";
        out_ << no_wrap << text << wrap << std::flush;
        lines_ = std::ranges::count(text, '\n');
    }

private:
    // A line that goes on in the next one would be drawn over by half.
    static constexpr auto no_wrap = "\x1b[?7l", wrap = "\x1b[?7h";

    std::ostream& out_;
    std::ptrdiff_t lines_ = 0;
};

struct Watch {
    EndpointName endpoint;

    void declare(Command& command) {
        command.word(endpoint, "ENDPOINT", "where applications ask, as in fraud");
        command.note(
            "Looks once a second and prints what has changed, until the rollout has ended: exit code 0 where it "
            "was promoted, else 3.");
    }

    Exit run(Session& session) const {
        Screen screen{session.out()};
        RolloutLine seen;
        while (true) {
            const auto page = session.ask({.path = endpoint_path(endpoint)});
            const auto now = rollout_line(page);
            if (seen.is_none() && now.is_none() && !somebody_waits(page)) return nothing_to_watch(session, page);
            if (!seen.is_none() && now.id != seen.id) return ended(session, seen);
            show(session, screen, page, now, seen);
            seen = now;
            session.around().sleep(std::chrono::seconds{1});
        }
    }

    static void show(Session& session, Screen& screen, const std::string& page, const RolloutLine& now,
                     const RolloutLine& seen) {
        if (session.wants_json()) {
            if (now.text != seen.text) session.print_json(page);
        } else if (session.around().can_redraw) {
            std::ostringstream text;
            print_endpoint(text, page);
            screen.draw(text.str());
        } else if (now.text != seen.text) {
            session.out() << now.text << '\n';
        }
        session.out().flush();
    }

    static Exit nothing_to_watch(Session& session, const std::string& page) {
        if (session.wants_json()) return session.print_json(page);
        print_endpoint(session.out(), page);
        return Exit::ok;
    }

    static Exit ended(Session& session, const RolloutLine& watched) {
        const auto version = std::to_string(watched.version);
        const auto page = session.ask({.path = "/v1/timeline/" + path_segment(watched.model) + "/" + version});
        const auto last = rollout_line(page);
        if (session.wants_json())
            session.print_json(page);
        else
            session.out() << last.text << "\nnext: sluice timeline " << watched.model << "/" << version << '\n';
        return last.state == "promoted" ? Exit::ok : Exit::refused;
    }
};

struct Request {
    std::string kind = {};
    EndpointName endpoint = {};
    std::string reason = {};
    std::optional<std::uint32_t> expect = {};

    void declare(Command& command) {
        command.word(endpoint, "ENDPOINT", "where applications ask, as in fraud");
        command.required(reason, "--reason", "TEXT", "why; it stays on the ledger");
        command.option(expect, "--expect", "REVISION",
                       "only if the route still has this revision (`rollout get` shows it)");
    }

    Exit run(Session& session) const {
        Json body{{"kind", kind}, {"reason", reason}};
        if (expect) body["expected_revision"] = *expect;
        const auto answer = session.ask({endpoint_path(endpoint) + "/requests", "POST", body.dump(), Role::operators});
        if (session.wants_json()) return session.print_json(answer);
        const auto page = Json::parse(answer);
        session.out() << endpoint.text << ": " << harmless(page.at("does").get<std::string>()) << ", revision "
                      << page.at("revision") << "\nnext: sluice rollout get " << endpoint.text << "\n";
        return Exit::ok;
    }
};

}  // namespace

void add_rollout(Commands& commands) {
    commands.add<Get>("rollout get", "what an endpoint serves, and how its rollout stands");
    commands.add<Watch>("rollout watch", "follows a rollout until it ends");
    commands.add<Request>("rollout pause", "stays at this step until it is resumed", {.kind = "pause"});
    commands.add<Request>("rollout resume", "goes on with a paused rollout", {.kind = "resume"});
    commands.add<Request>("rollout abort", "ends the rollout; all traffic to what was stable before",
                          {.kind = "abort"});
    commands.add<Request>("rollout advance", "takes the next step now", {.kind = "advance"});
    commands.add<Request>("rollout promote", "takes all steps that are left, now", {.kind = "promote"});
    commands.add<Request>("rollout rollback", "serves again what was served before the last promotion",
                          {.kind = "rollback"});
}

}  // namespace sluice::cli
