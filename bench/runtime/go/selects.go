// SPDX-License-Identifier: Apache-2.0

// Select statements of 2, 8 and 64 cases: a select of Go has as many as are written.
package main

func selectReady2(m *meter, scale int) {
	n := 20000 * scale
	c := newChannels(2, 1)
	for i := range c {
		c[i] <- i
	}
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
			c[0] <- i
		case <-c[1]:
			c[1] <- i
		}
	}
	m.end(n)
}

func selectReady8(m *meter, scale int) {
	n := 20000 * scale
	c := newChannels(8, 1)
	for i := range c {
		c[i] <- i
	}
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
			c[0] <- i
		case <-c[1]:
			c[1] <- i
		case <-c[2]:
			c[2] <- i
		case <-c[3]:
			c[3] <- i
		case <-c[4]:
			c[4] <- i
		case <-c[5]:
			c[5] <- i
		case <-c[6]:
			c[6] <- i
		case <-c[7]:
			c[7] <- i
		}
	}
	m.end(n)
}

func selectReady64(m *meter, scale int) {
	n := 20000 * scale
	c := newChannels(64, 1)
	for i := range c {
		c[i] <- i
	}
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
			c[0] <- i
		case <-c[1]:
			c[1] <- i
		case <-c[2]:
			c[2] <- i
		case <-c[3]:
			c[3] <- i
		case <-c[4]:
			c[4] <- i
		case <-c[5]:
			c[5] <- i
		case <-c[6]:
			c[6] <- i
		case <-c[7]:
			c[7] <- i
		case <-c[8]:
			c[8] <- i
		case <-c[9]:
			c[9] <- i
		case <-c[10]:
			c[10] <- i
		case <-c[11]:
			c[11] <- i
		case <-c[12]:
			c[12] <- i
		case <-c[13]:
			c[13] <- i
		case <-c[14]:
			c[14] <- i
		case <-c[15]:
			c[15] <- i
		case <-c[16]:
			c[16] <- i
		case <-c[17]:
			c[17] <- i
		case <-c[18]:
			c[18] <- i
		case <-c[19]:
			c[19] <- i
		case <-c[20]:
			c[20] <- i
		case <-c[21]:
			c[21] <- i
		case <-c[22]:
			c[22] <- i
		case <-c[23]:
			c[23] <- i
		case <-c[24]:
			c[24] <- i
		case <-c[25]:
			c[25] <- i
		case <-c[26]:
			c[26] <- i
		case <-c[27]:
			c[27] <- i
		case <-c[28]:
			c[28] <- i
		case <-c[29]:
			c[29] <- i
		case <-c[30]:
			c[30] <- i
		case <-c[31]:
			c[31] <- i
		case <-c[32]:
			c[32] <- i
		case <-c[33]:
			c[33] <- i
		case <-c[34]:
			c[34] <- i
		case <-c[35]:
			c[35] <- i
		case <-c[36]:
			c[36] <- i
		case <-c[37]:
			c[37] <- i
		case <-c[38]:
			c[38] <- i
		case <-c[39]:
			c[39] <- i
		case <-c[40]:
			c[40] <- i
		case <-c[41]:
			c[41] <- i
		case <-c[42]:
			c[42] <- i
		case <-c[43]:
			c[43] <- i
		case <-c[44]:
			c[44] <- i
		case <-c[45]:
			c[45] <- i
		case <-c[46]:
			c[46] <- i
		case <-c[47]:
			c[47] <- i
		case <-c[48]:
			c[48] <- i
		case <-c[49]:
			c[49] <- i
		case <-c[50]:
			c[50] <- i
		case <-c[51]:
			c[51] <- i
		case <-c[52]:
			c[52] <- i
		case <-c[53]:
			c[53] <- i
		case <-c[54]:
			c[54] <- i
		case <-c[55]:
			c[55] <- i
		case <-c[56]:
			c[56] <- i
		case <-c[57]:
			c[57] <- i
		case <-c[58]:
			c[58] <- i
		case <-c[59]:
			c[59] <- i
		case <-c[60]:
			c[60] <- i
		case <-c[61]:
			c[61] <- i
		case <-c[62]:
			c[62] <- i
		case <-c[63]:
			c[63] <- i
		}
	}
	m.end(n)
}

func selectBlocking2(m *meter, scale int) {
	n := 5000 * scale
	c := newChannels(2, 0)
	go func() {
		for i := 0; i < n; i++ {
			c[i%2] <- i
		}
	}()
	sum := 0
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		}
	}
	m.end(n)
}

func selectBlocking8(m *meter, scale int) {
	n := 5000 * scale
	c := newChannels(8, 0)
	go func() {
		for i := 0; i < n; i++ {
			c[i%8] <- i
		}
	}()
	sum := 0
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		case v := <-c[2]:
			sum += v
		case v := <-c[3]:
			sum += v
		case v := <-c[4]:
			sum += v
		case v := <-c[5]:
			sum += v
		case v := <-c[6]:
			sum += v
		case v := <-c[7]:
			sum += v
		}
	}
	m.end(n)
}

func selectBlocking64(m *meter, scale int) {
	n := 5000 * scale
	c := newChannels(64, 0)
	go func() {
		for i := 0; i < n; i++ {
			c[i%64] <- i
		}
	}()
	sum := 0
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		case v := <-c[2]:
			sum += v
		case v := <-c[3]:
			sum += v
		case v := <-c[4]:
			sum += v
		case v := <-c[5]:
			sum += v
		case v := <-c[6]:
			sum += v
		case v := <-c[7]:
			sum += v
		case v := <-c[8]:
			sum += v
		case v := <-c[9]:
			sum += v
		case v := <-c[10]:
			sum += v
		case v := <-c[11]:
			sum += v
		case v := <-c[12]:
			sum += v
		case v := <-c[13]:
			sum += v
		case v := <-c[14]:
			sum += v
		case v := <-c[15]:
			sum += v
		case v := <-c[16]:
			sum += v
		case v := <-c[17]:
			sum += v
		case v := <-c[18]:
			sum += v
		case v := <-c[19]:
			sum += v
		case v := <-c[20]:
			sum += v
		case v := <-c[21]:
			sum += v
		case v := <-c[22]:
			sum += v
		case v := <-c[23]:
			sum += v
		case v := <-c[24]:
			sum += v
		case v := <-c[25]:
			sum += v
		case v := <-c[26]:
			sum += v
		case v := <-c[27]:
			sum += v
		case v := <-c[28]:
			sum += v
		case v := <-c[29]:
			sum += v
		case v := <-c[30]:
			sum += v
		case v := <-c[31]:
			sum += v
		case v := <-c[32]:
			sum += v
		case v := <-c[33]:
			sum += v
		case v := <-c[34]:
			sum += v
		case v := <-c[35]:
			sum += v
		case v := <-c[36]:
			sum += v
		case v := <-c[37]:
			sum += v
		case v := <-c[38]:
			sum += v
		case v := <-c[39]:
			sum += v
		case v := <-c[40]:
			sum += v
		case v := <-c[41]:
			sum += v
		case v := <-c[42]:
			sum += v
		case v := <-c[43]:
			sum += v
		case v := <-c[44]:
			sum += v
		case v := <-c[45]:
			sum += v
		case v := <-c[46]:
			sum += v
		case v := <-c[47]:
			sum += v
		case v := <-c[48]:
			sum += v
		case v := <-c[49]:
			sum += v
		case v := <-c[50]:
			sum += v
		case v := <-c[51]:
			sum += v
		case v := <-c[52]:
			sum += v
		case v := <-c[53]:
			sum += v
		case v := <-c[54]:
			sum += v
		case v := <-c[55]:
			sum += v
		case v := <-c[56]:
			sum += v
		case v := <-c[57]:
			sum += v
		case v := <-c[58]:
			sum += v
		case v := <-c[59]:
			sum += v
		case v := <-c[60]:
			sum += v
		case v := <-c[61]:
			sum += v
		case v := <-c[62]:
			sum += v
		case v := <-c[63]:
			sum += v
		}
	}
	m.end(n)
}

func selectPoll64(m *meter, scale int) {
	n := 5000 * scale
	c := newChannels(64, 0)
	m.begin()
	for i := 0; i < n; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		case <-c[4]:
		case <-c[5]:
		case <-c[6]:
		case <-c[7]:
		case <-c[8]:
		case <-c[9]:
		case <-c[10]:
		case <-c[11]:
		case <-c[12]:
		case <-c[13]:
		case <-c[14]:
		case <-c[15]:
		case <-c[16]:
		case <-c[17]:
		case <-c[18]:
		case <-c[19]:
		case <-c[20]:
		case <-c[21]:
		case <-c[22]:
		case <-c[23]:
		case <-c[24]:
		case <-c[25]:
		case <-c[26]:
		case <-c[27]:
		case <-c[28]:
		case <-c[29]:
		case <-c[30]:
		case <-c[31]:
		case <-c[32]:
		case <-c[33]:
		case <-c[34]:
		case <-c[35]:
		case <-c[36]:
		case <-c[37]:
		case <-c[38]:
		case <-c[39]:
		case <-c[40]:
		case <-c[41]:
		case <-c[42]:
		case <-c[43]:
		case <-c[44]:
		case <-c[45]:
		case <-c[46]:
		case <-c[47]:
		case <-c[48]:
		case <-c[49]:
		case <-c[50]:
		case <-c[51]:
		case <-c[52]:
		case <-c[53]:
		case <-c[54]:
		case <-c[55]:
		case <-c[56]:
		case <-c[57]:
		case <-c[58]:
		case <-c[59]:
		case <-c[60]:
		case <-c[61]:
		case <-c[62]:
		case <-c[63]:
		default:
		}
	}
	m.end(n)
}
