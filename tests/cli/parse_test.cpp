#include "cli/help.hpp"
#include "tests/cli/shell.hpp"

#include <cstdlib>

namespace sluice::cli {
namespace {

class CommandLine : public testing::Test {
protected:
    Shell shell;
    /// It is wrong, and says this.
    void complains(const std::vector<std::string>& arguments, const std::string& text) {
        EXPECT_EQ(shell.types(arguments), Exit::usage);
        EXPECT_TRUE(has(shell.err, text)) << shell.err;
        EXPECT_EQ(shell.out, "");
    }
};

TEST_F(CommandLine, bare_prints_a_concise_help_with_examples) {
    EXPECT_EQ(shell.types(""), Exit::ok);
    EXPECT_TRUE(has(shell.out, "sluice review approve fraud/3 --comment"));
    EXPECT_TRUE(has(shell.out, "ledger tail"));
    EXPECT_EQ(shell.err, "");
}

TEST_F(CommandLine, suggests_the_nearest_command) {
    complains({"polcy", "get"}, "there is no command 'polcy'; did you mean 'policy'?");
    complains({"policy", "aply", "x"}, "there is no command 'policy aply'; did you mean 'policy apply'?");
    complains({"-o", "json", "rolout", "get"}, "did you mean 'rollout'?");
    complains({"banana"}, "there is no command 'banana'; there is: policy, review");
}

TEST_F(CommandLine, suggests_the_nearest_option) {
    complains({"review", "approve", "fraud/1", "--coment", "x"},
              "there is no option '--coment'; did you mean '--comment'?");
    complains({"review", "list", "--timeuot=3"}, "did you mean '--timeout'?");
}

TEST_F(CommandLine, says_what_is_missing_or_too_much_and_the_usage) {
    complains({"policy"}, "'policy' wants a second word; one of: apply, get");
    complains({"-o", "json"}, "a command is missing");
    complains({"review", "approve", "fraud/1"}, "--comment is missing; usage: sluice review approve MODEL/N");
    complains({"review", "show"}, "MODEL/N is missing");
    complains({"review", "show", "fraud/1", "fraud/2"}, "'fraud/2' is one argument too many");
    complains({"rollout", "pause", "fraud", "--reason"}, "--reason");
}

TEST_F(CommandLine, reads_its_arguments_strictly) {
    complains({"review", "show", "fraud"}, "write MODEL/N, as in fraud/3");
    complains({"rollout", "pause", "fraud", "--reason", "x", "--expect", "many"}, "'many' is no whole number");
    complains({"review", "list", "-o", "yaml"}, "'yaml' is no form of output; use table or json");
    complains({"review", "list", "--timeout", "0"}, "give 1 to 600 seconds");
    complains({"review", "list", "--timeout", "601"}, "give 1 to 600 seconds");
    complains({"review", "list", "--as", "root"}, "'root' has no token here; use one of trainer, reviewer-1");
}

TEST_F(CommandLine, takes_common_options_anywhere) {
    for (const auto* line : {"-o json version", "version -o json", "version --output=json",
                             "--timeout 3 version -ojson", "--as operator version --output json"}) {
        EXPECT_EQ(shell.types(line), Exit::ok) << line << shell.err;
        EXPECT_TRUE(has(shell.out, "{\"version\":\"")) << line;
    }
    EXPECT_EQ(shell.types("--version"), Exit::ok);
    EXPECT_TRUE(has(shell.out, "sluice "));
}

TEST_F(CommandLine, helps_with_every_command) {
    const auto commands = all_commands();
    for (const auto& command : commands.all()) {
        EXPECT_EQ(shell.types(command.words + " --help"), Exit::ok);
        EXPECT_TRUE(has(shell.out, "usage: sluice " + command.usage())) << shell.out;
        EXPECT_TRUE(has(shell.out, "--timeout SECONDS"));
    }
    EXPECT_EQ(shell.types("rollout -h"), Exit::ok);
    EXPECT_TRUE(has(shell.out, "sluice rollout rollback ENDPOINT --reason TEXT"));
    EXPECT_EQ(shell.types("help policy apply"), Exit::ok);
    EXPECT_TRUE(has(shell.out, "usage: sluice policy apply FILE.yaml"));
    EXPECT_EQ(shell.types("help"), Exit::ok);
    EXPECT_TRUE(has(shell.out, "exit codes"));
}

TEST_F(CommandLine, help_names_every_command_setting_and_exit_code) {
    EXPECT_EQ(shell.types("--help"), Exit::ok);
    const auto commands = all_commands();
    for (const auto& command : commands.all()) EXPECT_TRUE(has(shell.out, "\n  " + command.words + " "));
    for (const auto* part : {"SLUICE_CONSOLE_URL", "SLUICE_TOKEN_FILE", "\n  124  ", "--output"})
        EXPECT_TRUE(has(shell.out, part)) << part;
}

TEST_F(CommandLine, has_a_page_in_the_docs_that_is_up_to_date) {
    std::ifstream in{SLUICE_SOURCE_DIR "/docs/cli.md"};
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(page, help_page(all_commands())) << "make it again: sluice --help-page > docs/cli.md";
}

/// What bash would offer for these words, by the script.
std::string offered(const Folder& folder, const std::string& words) {
    write_file(folder.path / "try",
               "source completion; COMP_WORDS=(sluice \"$@\"); COMP_CWORD=$#; _sluice; echo \"${COMPREPLY[*]}\"\n");
    const auto line = "cd '" + folder.path.string() + "' && bash try " + words + " > offered";
    EXPECT_EQ(std::system(line.c_str()), 0);
    std::ifstream in{folder.path / "offered"};
    std::string text;
    std::getline(in, text);
    return text;
}

TEST_F(CommandLine, completes_in_bash) {
    ASSERT_EQ(shell.types("completion bash"), Exit::ok);
    write_file(shell.folder.path / "completion", shell.out);
    EXPECT_EQ(offered(shell.folder, "rev"), "review");
    EXPECT_EQ(offered(shell.folder, "policy ''"), "apply get");
    EXPECT_EQ(offered(shell.folder, "review approve fraud/1 --c"), "--comment");
    EXPECT_EQ(offered(shell.folder, "ledger tail --"), "--from --follow --output --timeout --as --help");
}

}  // namespace
}  // namespace sluice::cli
