// Draws the pipeline once and its figures every second. Text from records never becomes markup.

const refreshMs = 1000
const [boxWidth, boxHeight, gapX, gapY, margin] = [196, 46, 54, 16, 20]
const svgSpace = 'http://www.w3.org/2000/svg'
const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

const element = (name, attributes = {}, ...children) => {
  const made = document.createElementNS(svgSpace, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

const sourceOf = input => input.replace(/ \([^)]*\)$/, '')
const portOf = input => input.match(/ \(([^)]*)\)$/)?.[1]

/** Each node stands one column to the right of the last of its inputs. */
const placed = nodes => {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const columns = new Map()
  const columnOf = id => {
    if (!columns.has(id))
      columns.set(id, 1 + Math.max(-1, ...byId.get(id).inputs.map(input => columnOf(sourceOf(input)))))
    return columns.get(id)
  }
  const filled = []
  const places = new Map()
  for (const node of nodes) {
    const column = columnOf(node.id)
    const beside = node.inputs.length > 0 ? places.get(sourceOf(node.inputs[0])).row : 0
    const row = Math.max((filled[column] ?? -1) + 1, beside)
    filled[column] = row
    places.set(node.id, { node, row, x: margin + column * (boxWidth + gapX), y: margin + row * (boxHeight + gapY) })
  }
  return places
}

const edge = (from, to, label) => {
  const [x1, y1, x2, y2] = [from.x + boxWidth, from.y + boxHeight / 2, to.x, to.y + boxHeight / 2]
  const path = element('path', {
    class: 'edge',
    d: `M${x1},${y1} C${x1 + gapX / 2},${y1} ${x2 - gapX / 2},${y2} ${x2},${y2}`,
  })
  if (!label) return [path]
  return [path, element('text', { class: 'label', x: x2 - 6, y: y2 - 6, 'text-anchor': 'end' }, label)]
}

const box = ({ node, x, y }) => {
  const under = node.topic ?? node.stores.join(', ')
  const title = node.id.length > 25 ? `${node.id.slice(0, 24)}…` : node.id
  return element(
    'g',
    { class: node.topic ? 'node topic' : 'node', transform: `translate(${x},${y})` },
    element('title', {}, [node.id, node.note].filter(Boolean).join(': ')),
    element('rect', { width: boxWidth, height: boxHeight, rx: 8 }),
    element('text', { x: 12, y: under ? 19 : 28 }, title),
    ...(under
      ? [
          element(
            'text',
            { x: 12, y: 36, class: 'small', 'data-topic': node.topic ?? '' },
            node.topic ? '' : `store ${under}`,
          ),
        ]
      : []),
  )
}

const draw = nodes => {
  const places = placed(nodes)
  const all = [...places.values()]
  const width = Math.max(...all.map(({ x }) => x)) + boxWidth + margin
  const height = Math.max(...all.map(({ y }) => y)) + boxHeight + margin
  const edges = all.flatMap(to => to.node.inputs.flatMap(input => edge(places.get(sourceOf(input)), to, portOf(input))))
  const svg = element(
    'svg',
    { width, height, role: 'img', 'aria-label': 'the operators of the pipeline and how records flow' },
    ...edges,
    ...all.map(box),
  )
  svg.style.maxWidth = `${width}px`
  document.getElementById('flow').replaceChildren(svg)
}

const cell = (text, numeric) => {
  const made = document.createElement('td')
  made.textContent = text
  if (numeric) made.className = 'number'
  return made
}

const show = topics => {
  const rows = topics.map(({ name, records, perSecond, lag }) => {
    const row = document.createElement('tr')
    row.append(
      cell(name),
      cell(whole.format(records), true),
      cell(short.format(perSecond), true),
      cell(lag === undefined ? '' : whole.format(lag), true),
    )
    return row
  })
  document.getElementById('topics').replaceChildren(...rows)
  for (const { name, perSecond, lag } of topics) {
    for (const text of document.querySelectorAll(`[data-topic="${CSS.escape(name)}"]`)) {
      text.textContent = `${short.format(perSecond)}/s${lag === undefined ? '' : `, ${whole.format(lag)} waiting`}`
    }
  }
}

let drawn = false
const state = document.getElementById('state')
const refresh = async () => {
  try {
    const { name, nodes, topics } = await (await fetch('api/pipeline')).json()
    document.getElementById('name').textContent = name
    if (!drawn) draw(nodes)
    drawn = true
    show(topics)
    state.textContent = 'live'
    state.className = 'live'
  } catch {
    state.textContent = 'not reachable, trying again'
    state.className = 'away'
  }
  setTimeout(refresh, refreshMs)
}
refresh()
