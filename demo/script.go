package demo

import "time"

// Press is the made-up press of `veille demo`: one outlet in French with a
// section page, one in English with a feed, one in Korean with a news sitemap.
type Press struct {
	French, English, Korean *Outlet
}

// Step is one happening in the life of the press.
type Step struct {
	// After is the time since the step before.
	After time.Duration
	// Say tells the person who watches.
	Say string
	Do  func()
}

// NewPress returns the press with its backlog: articles from last week, which
// must not alert, at least one of them about Pyongyang and Russia.
func NewPress(now time.Time) *Press {
	lastWeek := now.Add(-7 * 24 * time.Hour)
	p := &Press{
		French: &Outlet{
			Name: "Le Courrier du Détroit", Language: "fr", Front: Section,
			Noise:  []string{"Dossier : la Corée du Nord et la Russie", "Iran : notre direct"},
			Robots: "User-agent: *\nDisallow: /private/\n",
		},
		English: &Outlet{
			Name: "The Strait Courier", Language: "en", Front: Feed,
			Noise: []string{"Special report: North Korea and Russia"},
		},
		Korean: &Outlet{
			Name: "해협일보", Language: "ko", Front: Sitemap,
			Noise: []string{"특집: 북한과 러시아"},
		},
	}
	p.French.Publish(
		Article{Slug: "archives-rail", Title: "La ligne de chemin de fer du littoral rouvre après six mois de travaux", Published: lastWeek,
			Paragraphs: []string{
				"Les premiers trains ont circulé lundi matin entre les deux ports, avec une heure d'avance sur l'horaire annoncé.",
				"La compagnie promet une liaison toutes les vingt minutes avant l'été."}},
		Article{Slug: "archives-sommet", Title: "Retour sur un sommet entre Moscou et Pyongyang", Published: lastWeek,
			Paragraphs: []string{
				"La semaine dernière, la Corée du Nord et la Russie ont signé un accord de pêche dans un port du littoral.",
				"Les délégations se retrouveront au printemps."}},
	)
	p.English.Publish(Article{Slug: "harbour-budget", Title: "Harbour board approves its budget after a long night", Published: lastWeek,
		Paragraphs: []string{
			"The harbour board voted through its yearly budget shortly before midnight on Tuesday.",
			"Dredging takes the largest share, followed by the new ferry quay."}})
	p.Korean.Publish(Article{Slug: "port-festival", Title: "항구 축제에 시민 만여 명 참가", Published: lastWeek,
		Paragraphs: []string{"지난 주말 항구에서 열린 축제에 시민 만여 명이 참가했다.", "주최 측은 내년에도 같은 장소에서 행사를 열 계획이다."}})
	return p
}

const (
	frenchArms = "livraisons-armes"
	koreanTrip = "delegation-visit"
)

// Script is what happens while somebody watches: alerts and near misses.
func (p *Press) Script(now func() time.Time) []Step {
	wire := Article{
		Slug: "mixed-signals", Title: "Mixed signals from Pyongyang as Russian envoys leave", Author: "Mina Hollis",
		Paragraphs: []string{
			"Envoys from Russia left the North Korean capital on Monday without the joint statement that both sides had announced for the weekend.",
			"Diplomats in the region spoke of mixed signals: the talks on shipments went on until the morning, while the state press of North Korea did not mention them at all.",
			"A second round is expected before the end of the month, according to two people who have seen the agenda.",
		},
	}
	publish := func(o *Outlet, a Article) func() {
		return func() {
			a.Published = now().Truncate(time.Second)
			o.Publish(a)
		}
	}
	return []Step{
		{0, "Le Courrier du Détroit publishes a story about Corée du Nord and Russie.", publish(p.French, Article{
			Slug: frenchArms, Title: "Washington s'inquiète d'un rapprochement dans l'armement entre Moscou et Pyongyang", Author: "Claire Aubert",
			Paragraphs: []string{
				"Les États-Unis se disent préoccupés par une coopération plus étroite entre la Corée du Nord et la Russie dans le domaine de la défense.",
				"Un porte-parole a prévenu lundi que des livraisons d’armes violeraient plusieurs résolutions, et que de nouvelles sanctions restaient possibles.",
				"Les deux capitales sont pour l'instant avares de détails.",
			}})},
		{2 * time.Second, "The same paper publishes a North Korea story without Russia: no alert.", publish(p.French, Article{
			Slug: "inondations", Title: "Corée du Nord : des inondations coupent la route de la côte",
			Paragraphs: []string{
				"Des pluies exceptionnelles ont coupé la route côtière de la Corée du Nord pendant deux jours, selon la météorologie régionale.",
				"Les travaux de réparation doivent commencer cette semaine.",
			}})},
		{2 * time.Second, "해협일보 publishes in Korean.", publish(p.Korean, Article{
			Slug: koreanTrip, Title: "북한 대표단, 러시아 극동 항구 방문",
			Paragraphs: []string{
				"북한은 월요일 대표단이 러시아 극동의 항구를 방문했다고 밝혔다.",
				"대표단은 항만 시설을 둘러보고 물류 협력을 논의한 것으로 알려졌다.",
			}})},
		{2 * time.Second, "The Strait Courier publishes in English.", publish(p.English, wire)},
		{3 * time.Second, "Le Courrier du Détroit reprints the Courier's text: one story, no second alert.", func() {
			reprint := wire
			reprint.Slug = "reprint-signals"
			publish(p.French, reprint)()
		}},
		{2 * time.Second, "Le Courrier du Détroit quietly edits its first story.", func() {
			p.French.Edit(frenchArms, func(a *Article) {
				a.Title = "Washington menace de sanctions après un accord d'armement entre Moscou et Pyongyang"
				a.Modified = now().Truncate(time.Second)
				a.Paragraphs[1] = "Un porte-parole a annoncé lundi que des livraisons d’armes avaient commencé, et que de nouvelles sanctions seraient votées dès mardi."
			})
		}},
		{2 * time.Second, "해협일보 withdraws its story.", func() { p.Korean.Withdraw(koreanTrip) }},
	}
}
