package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"veille/config"
	"veille/store/bolt"
)

// The exit codes are part of the command line's contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// app is what every command shares: the outside world and the global flags.
type app struct {
	lookup         func(string) (string, bool)
	stdin          io.Reader
	stdout, stderr io.Writer
	// color says that stdout is a terminal that shows colours.
	color bool

	configPath string
	dataDir    string
	logFormat  string
	logLevel   string

	// started tells an error of a command from an error in its arguments.
	started bool
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "veille",
		Short: "Watch the news and be told what matters, with the reason",
		Long: `Veille polls section pages, feeds and sitemaps, reads every new article, matches
your watch-lists and tells Slack, a webhook or the console within seconds.`,
		Example: `  veille demo                      see it work on a made-up press, in seconds
  veille run                       watch; without a veille.yaml, the embedded example
  veille init && veille check      start a configuration of your own
  veille try https://example.org/article --watch "My watch"`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
	}
	root.SetVersionTemplate("veille {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.StringVarP(&a.configPath, "config", "c", "", "configuration `FILE` (default veille.yaml, then /etc/veille/veille.yaml; env VEILLE_CONFIG)")
	flags.StringVar(&a.dataDir, "data", "", "data `DIR` (default data; env VEILLE_DATA)")
	flags.StringVar(&a.logFormat, "log-format", "text", "log as text or json, on stderr")
	flags.StringVar(&a.logLevel, "log-level", "info", "least level to log: debug, info, warn or error")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if _, err := a.logger(); err != nil {
			return err
		}
		a.started = true
		return nil
	}
	root.AddCommand(
		a.runCommand(), a.onceCommand(), a.checkCommand(), a.tryCommand(), a.whyCommand(), a.backtestCommand(),
		a.explainCommand(), a.fmtCommand(), a.searchCommand(),
		a.extractCommand(), a.linksCommand(), a.notifyCommand(), a.initCommand(),
		a.schemaCommand(), a.healthcheckCommand(), a.demoCommand(), a.versionCommand(),
		a.deliveriesCommand(), a.muteCommand(), a.backupCommand(), a.compactCommand(), a.archiveCommand(),
		a.sourcesCommand(), a.storiesCommand(), a.articlesCommand(), a.alertsCommand(), a.diffCommand(), a.importCommand(), a.exportCommand(),
	)
	return root
}

// errUsage marks what the person at the command line must mend.
var errUsage = errors.New("usage")

// exit prints an error of a command for a person and names the exit code.
func (a *app) exit(err error, command string) int {
	var mistakes *config.Errors
	var damaged *bolt.OpenError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &mistakes):
		_, _ = fmt.Fprintln(a.stderr, harmless(mistakes.Error()))
		return exitUsage
	case !a.started:
		_, _ = fmt.Fprintf(a.stderr, "Error: %s\nTry: %s --help\n", harmless(err.Error()), command)
		return exitUsage
	case errors.Is(err, errUsage), errors.As(err, &damaged):
		_, _ = fmt.Fprintf(a.stderr, "Error: %s\n", harmless(strings.TrimSuffix(err.Error(), ": "+errUsage.Error())))
		return exitUsage
	default:
		_, _ = fmt.Fprintf(a.stderr, "Error: %s\n", harmless(err.Error()))
		return exitFailed
	}
}

func (a *app) env(name string) string {
	v, _ := a.lookup(name)
	return v
}

func (a *app) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level %q is not debug, info, warn or error", a.logLevel)
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: printable}
	switch a.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(a.stderr, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(a.stderr, options)), nil
	}
	return nil, fmt.Errorf("--log-format %q is not text or json", a.logFormat)
}

// log returns the logger; its flags were checked before the command began.
func (a *app) log() *slog.Logger {
	l, err := a.logger()
	if err != nil {
		panic(err)
	}
	return l
}

// data returns the data folder.
func (a *app) data() string {
	if a.dataDir != "" {
		return a.dataDir
	}
	if dir := a.env("VEILLE_DATA"); dir != "" {
		return dir
	}
	return "data"
}

func storePath(dir string) string  { return filepath.Join(dir, "veille.db") }
func socketPath(dir string) string { return filepath.Join(dir, "veille.sock") }

// configFile finds the configuration; "" means that there is none and the
// embedded example stands in.
func (a *app) configFile() (string, error) {
	explicit := a.configPath
	if explicit == "" {
		explicit = a.env("VEILLE_CONFIG")
	}
	if explicit != "" {
		if _, err := os.Stat(explicit); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("no configuration at %s: name another with --config, or let veille init write one: %w", explicit, errUsage)
			}
			return "", fmt.Errorf("configuration: %w: %w", err, errUsage)
		}
		return explicit, nil
	}
	for _, path := range []string{"veille.yaml", "/etc/veille/veille.yaml"} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", nil
}

// load reads the configuration, or the embedded example, and says which.
func (a *app) load() (*config.Config, string, error) {
	path, err := a.configFile()
	if err != nil {
		return nil, "", err
	}
	if path == "" {
		_, _ = fmt.Fprintln(a.stderr, "No veille.yaml here: using the embedded example (veille init writes one of your own).")
		c, err := config.Parse("embedded example", config.Example(), a.lookup, checks())
		return c, "", err
	}
	c, err := config.Load(path, a.lookup, checks())
	return c, path, err
}
