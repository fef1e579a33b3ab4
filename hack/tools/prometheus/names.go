package main

import (
	"fmt"

	"github.com/prometheus/prometheus/promql/parser"
)

// Which metrics each query asks for, in the order in which they stand there.
func namesOf(queries []string) ([][]string, error) {
	all := make([][]string, 0, len(queries))
	for _, query := range queries {
		expr, err := language.ParseExpr(query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
		names := []string{}
		parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
			if selector, ok := node.(*parser.VectorSelector); ok {
				names = append(names, selector.Name)
			}
			return nil
		})
		all = append(all, names)
	}
	return all, nil
}
