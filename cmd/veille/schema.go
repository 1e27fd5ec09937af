package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"veille/config"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of the configuration, for editors",
		Example: "  veille schema > veille.schema.json   # then: # yaml-language-server: $schema=veille.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			schema, err := config.Schema(checks().Kinds)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, strings.TrimSpace(string(schema)))
			return err
		},
	}
}
