#pragma once
#include "common/app/door.hpp"
#include "services/registry/decider.hpp"

// The routes of the registry: models, versions and aliases. README.md has the shapes.
namespace sluice::registry {

class Door {
public:
    /// What it works with; the tokens and the executor outlive the door.
    struct Parts {
        app::Desk<Decider> desk;
        runtime::Executor& executor;
        const http::Tokens& tokens;
        std::string cell;
    };

    explicit Door(Parts parts);
    /// Before the server listens.
    void open(http::Server& server);

    /// To be called after each fold.
    void look() { requests_.look(); }
    /// Requests that wait for the ledger.
    std::size_t waiting() const { return requests_.waiting(); }

private:
    using Page = std::function<http::Response(const State&, const std::map<std::string, std::string>& path)>;
    void get(http::Server& server, const std::string& path, Page page);
    void act(http::Server& server, const std::string& method, const std::string& path,
             std::function<void(app::Turn)> work);

    void move_alias(app::Turn turn);
    void archive(app::Turn turn);

    const State& state() const { return parts_.desk.state(); }
    const Answer* known(const core::FactId& id) const;
    /// The decision stands in State at once; its fact has yet to be read back.
    bool is_on_the_ledger(const Answer& answer) const { return !state().agenda.has(answer.fact); }

    Parts parts_;
    app::Requests<Decider> requests_;
};

}  // namespace sluice::registry
