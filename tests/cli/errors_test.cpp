#include "common/http/asio_executor.hpp"
#include "common/http/problem.hpp"
#include "common/http/server.hpp"
#include "tests/cli/shell.hpp"

#include <mutex>
#include <thread>

namespace sluice::cli {
namespace {

/// A server that says what it is told to, whatever it is asked, and remembers what that was.
class CannedServer {
public:
    CannedServer() {
        for (const auto* method : {"GET", "POST"})
            for (const auto* path : {"/v1/reviews", "/v1/endpoints/{endpoint}", "/v1/endpoints/{endpoint}/requests"})
                server_.route({method, path, [this](auto request, auto respond) { answer(request, respond); }});
        port = *server_.listen("127.0.0.1", 0);
        thread_ = std::thread{[this] { executor_->run(); }};
    }
    ~CannedServer() {
        executor_->stop();
        thread_.join();
    }

    std::uint16_t port = 0;

    /// One after the other; the last for ever. Until then it never answers.
    void will_say(std::vector<http::Response> answers) {
        const std::lock_guard lock{mutex_};
        says_ = std::move(answers);
    }
    std::vector<http::Request> asked() {
        const std::lock_guard lock{mutex_};
        return asked_;
    }

private:
    void answer(const http::Request& request, const http::Respond& respond) {
        const std::lock_guard lock{mutex_};
        asked_.push_back(request);
        if (says_.empty()) return unanswered_.push_back(respond);
        respond(says_.front());
        if (says_.size() > 1) says_.erase(says_.begin());
    }

    std::mutex mutex_;
    std::vector<http::Response> says_;
    std::vector<http::Request> asked_;
    std::unique_ptr<runtime::Executor> executor_ = http::make_executor();
    std::vector<http::Respond> unanswered_;
    http::Server server_{*executor_};
    std::thread thread_;
};

class Errors : public testing::Test {
protected:
    Errors() {
        shell.environment = {{"SLUICE_CONSOLE_URL", "http://127.0.0.1:" + std::to_string(server.port)},
                             {"SLUICE_TOKEN", "secret-token"}};
    }

    CannedServer server;
    Shell shell;

    Exit gets(int status, const std::string& code = "code", const std::string& extension = {}) {
        server.will_say({http::problem(status, code, "Title", "It is so; do this.", extension)});
        const auto exit = shell.types("review list");
        EXPECT_EQ(shell.out, "");
        return exit;
    }
    std::string sent(const std::string& name) { return std::string(server.asked().back().header(name).value_or("")); }
};

TEST_F(Errors, each_status_has_its_exit_code) {
    const std::map<int, Exit> expected{{400, Exit::failure},   {401, Exit::refused},  {403, Exit::refused},
                                       {404, Exit::not_found}, {409, Exit::conflict}, {412, Exit::conflict},
                                       {422, Exit::refused},   {500, Exit::failure},  {504, Exit::late},
                                       {408, Exit::late},      {429, Exit::failure}};
    for (const auto& [status, exit] : expected) EXPECT_EQ(gets(status), exit) << status;
}

TEST_F(Errors, are_said_with_advice_and_code) {
    gets(403, "role_missing");
    EXPECT_EQ(shell.err, "sluice: It is so; do this. (403 role_missing)\n");
}

TEST_F(Errors, are_said_each_by_its_pointer) {
    gets(422, "malformed", R"("errors":[{"pointer":"/reason","code":"missing","detail":"give a reason"}])");
    EXPECT_EQ(shell.err, "sluice: It is so; do this. (422 malformed)\n  /reason: give a reason\n");
}

TEST_F(Errors, are_the_servers_json_for_programs_and_on_stderr) {
    const auto said = http::problem(409, "not_open", "Title", "No.");
    server.will_say({said});
    EXPECT_EQ(shell.types("-o json review list"), Exit::conflict);
    EXPECT_EQ(shell.err, said.body + "\n");
    EXPECT_EQ(shell.out, "");
}

TEST_F(Errors, of_a_late_answer_say_how_to_ask_again) {
    EXPECT_EQ(gets(504, "late", R"("id":"0198a-7")"), Exit::late);
    EXPECT_TRUE(has(shell.err, "sluice request get 0198a-7")) << shell.err;
}

TEST_F(Errors, that_are_no_problem_json_are_said_by_their_status) {
    server.will_say({{502, {}, "text/html", "<h1>Bad gateway</h1>"}});
    EXPECT_EQ(shell.types("review list"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "not one of Sluice; check the address (502)")) << shell.err;
}

TEST_F(Errors, in_an_answer_say_what_was_asked) {
    for (const auto* body : {"not json", "[]", "{}", R"({"reviews":[{"model":7}]})"}) {
        server.will_say({{200, {}, "application/json", body}});
        EXPECT_EQ(shell.types("review list"), Exit::failure) << body;
        EXPECT_TRUE(has(shell.err, "the answer to GET http://127.0.0.1:")) << shell.err;
        EXPECT_TRUE(has(shell.err, "/v1/reviews is not as expected")) << shell.err;
    }
}

TEST_F(Errors, never_show_a_terminal_what_it_would_obey) {
    server.will_say({http::problem(409, "x", "T", "evil\x1b[2J")});
    shell.types("review list");
    EXPECT_FALSE(has(shell.err, "\x1b")) << shell.err;
}

TEST_F(Errors, of_a_server_that_is_not_there_name_its_address_and_setting) {
    shell.environment["SLUICE_CONSOLE_URL"] = "http://127.0.0.1:1/";
    EXPECT_EQ(shell.types("review list"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "(http://127.0.0.1:1); start the services with ./dev up, or set SLUICE_CONSOLE_URL"))
        << shell.err;
}

TEST_F(Errors, of_an_address_that_is_none_say_so) {
    shell.environment["SLUICE_CONSOLE_URL"] = "https://console";
    EXPECT_EQ(shell.types("review list"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "https://console")) << shell.err;
}

TEST_F(Errors, a_server_that_never_answers_is_given_up) {
    EXPECT_EQ(shell.types("review list --timeout 1"), Exit::late);
    EXPECT_TRUE(has(shell.err, "--timeout SECONDS")) << shell.err;
}

TEST_F(Errors, a_server_that_is_not_ready_is_asked_again_with_the_same_key) {
    const auto wait = http::retry_later("not_ready", "Not ready", "Wait.");
    server.will_say({wait, wait, {200, {}, "application/json", R"({"does":"RolloutPaused","revision":3})"}});
    EXPECT_EQ(shell.types("rollout pause fraud --reason noise"), Exit::ok) << shell.err;
    EXPECT_EQ(shell.slept, 2s);
    const auto asked = server.asked();
    ASSERT_EQ(asked.size(), 3u);
    EXPECT_NE(sent("idempotency-key"), "");
    EXPECT_EQ(asked[0].header("idempotency-key"), asked[2].header("idempotency-key"));
}

TEST_F(Errors, a_server_that_is_never_ready_is_asked_as_often_as_there_are_seconds) {
    server.will_say({http::retry_later("not_ready", "Not ready", "Wait.")});
    EXPECT_EQ(shell.types("review list --timeout 3"), Exit::failure);
    EXPECT_EQ(server.asked().size(), 3u);
    EXPECT_TRUE(has(shell.err, "503 not_ready")) << shell.err;
}

TEST_F(Errors, a_server_hears_how_long_we_wait_and_gives_up_before_us) {
    server.will_say({{200, {}, "application/json", R"({"reviews":[]})"}});
    for (const auto& [given, deadline] : {std::pair{"1", "500"}, {"20", "19500"}, {"600", "60000"}}) {
        shell.types("review list --timeout " + std::string(given));
        EXPECT_EQ(sent("x-deadline-ms"), deadline);
    }
}

TEST_F(Errors, an_answer_has_a_bound) {
    server.will_say({{200, {}, "application/json", std::string((16 << 20) + 1, ' ')}});
    EXPECT_EQ(shell.types("review list"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "longer than 16777216 bytes")) << shell.err;
}

TEST_F(Errors, a_policy_has_a_bound) {
    write_file(shell.folder.path / "large.yaml", std::string((1 << 20) + 1, '#'));
    EXPECT_EQ(shell.types("policy apply large.yaml"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "large.yaml is larger than 1 MiB")) << shell.err;
    EXPECT_EQ(shell.types("policy apply missing.yaml"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "missing.yaml cannot be read")) << shell.err;
    EXPECT_TRUE(server.asked().empty());
}

TEST_F(Errors, an_adapter_that_cannot_start_is_said) {
    shell.environment["SLUICE_KAFKA_BROKERS"] = "x";
    shell.open_ledger = [](auto&, auto&) -> std::unique_ptr<runtime::Ledger> {
        throw std::runtime_error{"no such setting"};
    };
    EXPECT_EQ(shell.types("ledger tail"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "sluice: no such setting; check")) << shell.err;
}

TEST_F(Errors, tokens_are_sent_and_never_shown) {
    EXPECT_EQ(gets(401), Exit::refused);
    EXPECT_EQ(sent("authorization"), "Bearer secret-token");
    EXPECT_FALSE(has(shell.err + shell.out, "secret-token"));
}

TEST_F(Errors, a_token_may_lie_in_a_file) {
    shell.environment.erase("SLUICE_TOKEN");
    shell.environment["SLUICE_TOKEN_FILE"] = "token";
    EXPECT_EQ(shell.types("review list"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "no token can be read from token")) << shell.err;
    write_file(shell.folder.path / "token", " in-a-file \n");
    gets(404);
    EXPECT_EQ(sent("authorization"), "Bearer in-a-file");
}

TEST_F(Errors, a_token_is_the_one_that_the_command_needs_unless_somebody_is_named) {
    shell.environment.erase("SLUICE_TOKEN");
    write_file(shell.folder.path / ".dev/env",
               "export SLUICE_TOKEN_AUDITOR=a\nexport SLUICE_TOKEN_OPERATOR=o\nexport SLUICE_TOKEN_REVIEWER_2=r2\n");
    const auto token_of = [&](const std::string& line) {
        server.will_say({http::problem(404, "x", "T", "No.")});
        shell.types(line);
        return sent("authorization");
    };
    EXPECT_EQ(token_of("review list"), "Bearer a");
    EXPECT_EQ(token_of("rollout pause fraud --reason x"), "Bearer o");
    EXPECT_EQ(token_of("review list --as reviewer-2"), "Bearer r2");
    shell.environment["SLUICE_TOKEN"] = "mine";
    EXPECT_EQ(token_of("review list"), "Bearer mine");
    EXPECT_EQ(token_of("--as operator review list"), "Bearer o");
}

TEST_F(Errors, without_any_token_say_how_to_come_by_one) {
    shell.environment.erase("SLUICE_TOKEN");
    EXPECT_EQ(shell.types("review list"), Exit::failure);
    EXPECT_TRUE(has(shell.err, "SLUICE_TOKEN_FILE")) << shell.err;
}

}  // namespace
}  // namespace sluice::cli
